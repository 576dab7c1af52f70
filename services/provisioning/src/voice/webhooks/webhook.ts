import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Signer } from './signers.js';

/** Twilio's id of a call. */
export const CALL_SID = /^CA[0-9a-f]{32}$/;

/**
 * A webhook whose signature was found right. Its parameters are open: Twilio adds to them without notice, so each is asked for by name and
 * whatever else comes is nobody's business.
 */
export interface Webhook {
  /** Its signature: another for each URL and each set of parameters. */
  readonly signature: string;
  /** Accounts that have signed it. What it speaks of is looked up among their tenants and no others. */
  readonly signers: readonly Signer[];
  /** Of the URL: ours, since we made it and Twilio signed it. */
  readonly query: URLSearchParams;
  /** Of the form; of a repeated one the first. */
  readonly parameters: URLSearchParams;
  /** As it came; JSON of Twilio's event streams, else a form. */
  readonly body: Uint8Array;
}

/** The environment that what is nobody's is told of. */
export const environmentOf = ({ signers: [first] }: Pick<Webhook, 'signers'>): string => first?.environment ?? '';

const checked = new WeakMap<FastifyRequest, Webhook>();

/** Notes on a request that it was found to be Twilio's. */
export function setWebhook(request: FastifyRequest, webhook: Webhook): void {
  checked.set(request, webhook);
}

/** The webhook, behind {@link TwilioSignatureGuard}: `@Signed() webhook: Webhook`. */
export const Signed: () => ParameterDecorator = createParamDecorator((_: unknown, host: ExecutionContext) => {
  const webhook = checked.get(host.switchToHttp().getRequest<FastifyRequest>());
  if (!webhook) throw new Error('A webhook is taken without its signature having been looked at: guard its controller with TwilioSignatureGuard.');
  return webhook;
});

/** A parameter that Twilio left empty is as good as one that it left out. */
export function parameter({ parameters }: Pick<Webhook, 'parameters'>, name: string): string | undefined {
  const value = parameters.get(name);
  return value === null || value === '' ? undefined : value;
}

/** A count in a parameter, or undefined for whatever is none. */
export function countIn(webhook: Webhook, name: string): number | undefined {
  const text = parameter(webhook, name);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The parent call that a webhook is about, or undefined when it has none. */
export function callSidIn(webhook: Webhook): string | undefined {
  const sid = parameter(webhook, 'CallSid');
  return sid !== undefined && CALL_SID.test(sid) ? sid : undefined;
}
