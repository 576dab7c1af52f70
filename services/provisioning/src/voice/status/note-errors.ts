import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { RailErrorReportedV1 } from '@troncal/contracts';
import { backoffMs, errorText, pause, type Backoff, type Clock } from '@troncal/kernel';
import { Metrics, runOutsideContext, type Counter, type Logger } from '@troncal/observability';
import { Database, Outbox } from '@troncal/persistence';
import { callIdOf } from '../call-id.js';
import { CallOwners } from './call-owners.js';
import { addressOf } from '../voice-urls.js';
import { CALL_SID, type Webhook } from '../webhooks/webhook.js';
import { debuggerError, streamedErrors, type ReportedError } from './reported-errors.js';

const RETRY: Backoff = { firstMs: 250, maxMs: 30_000 };
/** Errors held while PostgreSQL is away: Twilio keeps them all, so the oldest may be lost here. */
const MOST_WAITING = 1_000;

/** Twilio's errors become events, tied to tenant and call where they can be. */
@Injectable()
export class NoteErrors implements BeforeApplicationShutdown {
  private readonly errors: Counter<'level'>;
  private readonly stopping = new AbortController();
  private readonly open = new Set<Promise<void>>();

  constructor(
    private readonly owners: CallOwners,
    private readonly db: Database,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.errors = metrics.counter('troncal_twilio_errors_total');
  }

  /** Returns at once. */
  run(webhook: Webhook): void {
    const one = debuggerError(webhook.parameters);
    for (const error of one ? [one] : streamedErrors(webhook.body)) {
      this.errors.inc({ level: error.level });
      const owner = this.owners.of({ signers: webhook.signers, parameters: error.parameters }, addressOf(error.url)?.query);
      this.logger.warn({ ...owner, code: error.code, resource: error.resourceId, level: error.level }, 'Twilio reports an error');
      if (this.open.size < MOST_WAITING) this.keep(owner, error);
      else this.logger.error({ errorId: error.errorId, code: error.code }, 'an error of Twilio’s is not told on the bus: too many wait for the database already');
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.open);
  }

  private keep(owner: ReturnType<CallOwners['of']>, error: ReportedError): void {
    const at = error.at ?? this.clock.date().toISOString();
    const work = runOutsideContext(() => this.untilStated(owner, error, at));
    this.open.add(work);
    void work.finally(() => this.open.delete(work));
  }

  private async untilStated({ environment, tenant }: ReturnType<CallOwners['of']>, error: ReportedError, at: string): Promise<void> {
    const { errorId, code, level, message, resourceId, parameters } = error;
    const callSid = [resourceId, parameters.get('ParentCallSid'), parameters.get('CallSid')].find((sid) => sid != null && CALL_SID.test(sid));
    const callId = callSid == null ? undefined : callIdOf(callSid);
    const data = { rail: 'twilio' as const, environment, errorId, code, level, message, at, ...(callId === undefined ? {} : { callId }), ...(resourceId === undefined ? {} : { resourceId }) };
    for (let failures = 0; ; ) {
      try {
        await this.db.transaction((tx) => this.outbox.emit(tx, RailErrorReportedV1, { tenant, subject: errorId, data, ...(callId === undefined ? {} : { correlationId: callId }) }));
        return;
      } catch (reason) {
        failures += 1;
        if (!(await pause(backoffMs(RETRY, failures), this.stopping.signal))) {
          this.logger.warn({ errorId, code, reason: errorText(reason) }, 'an error of Twilio’s was not told on the bus: the database is away');
          return;
        }
      }
    }
  }
}
