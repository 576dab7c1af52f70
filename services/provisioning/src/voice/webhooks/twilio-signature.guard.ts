import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { PermanentError } from '@troncal/kernel';
import { Metrics, type Counter, type Logger } from '@troncal/observability';
import type { FastifyRequest } from 'fastify';
import type { RawWebhook } from '../../twilio/webhooks/signed-request.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import { signersOf } from './signers.js';
import { setWebhook } from './webhook.js';

/**
 * Lets through what an account of ours at Twilio has signed, for the public URL that it was told, and nothing else: 403. Nothing of a request is believed
 * before. Environment and account are told by the signature alone, so what one account signs can't speak of another's tenants.
 */
@Injectable()
export class TwilioSignatureGuard implements CanActivate {
  private readonly webhooks: Counter<'outcome'>;

  constructor(
    private readonly directory: VoiceDirectory,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.webhooks = metrics.counter('troncal_twilio_webhooks_total');
  }

  canActivate(host: ExecutionContext): boolean {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const raw = asItCame(request);
    const signers = signersOf(this.directory.environments, raw);
    if (signers.length === 0) throw this.refused(request, raw);
    this.webhooks.inc({ outcome: 'taken' });
    const question = raw.target.indexOf('?');
    setWebhook(request, {
      signature: raw.signature ?? '',
      signers,
      query: new URLSearchParams(question < 0 ? '' : raw.target.slice(question + 1)),
      parameters: new URLSearchParams(Buffer.from(raw.body).toString('utf8')),
      body: raw.body,
    });
    return true;
  }

  private refused(request: FastifyRequest, raw: RawWebhook): PermanentError {
    this.webhooks.inc({ outcome: 'refused' });
    const known = this.directory.environments.length;
    this.logger.warn({ path: request.routeOptions.url, from: request.socket.remoteAddress, signed: raw.signature !== undefined, environments: known }, 'a webhook was refused: no account of ours has signed it');
    return new PermanentError('bad_signature', 'This request does not carry the signature of a Twilio account that is known here.', {
      status: 403,
      remedy: 'If it is Twilio’s: compare the environment’s public URL with the one that Twilio was given (scheme, host, port), and its auth tokens with the account’s.',
    });
  }
}

function asItCame(request: FastifyRequest): RawWebhook {
  const signature = request.headers['x-twilio-signature'];
  return {
    method: request.method,
    target: request.raw.url ?? '/',
    contentType: request.headers['content-type'],
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    signature: typeof signature === 'string' ? signature : undefined,
  };
}
