import { domainsReadBy, domainsWrittenBy, type ServiceName } from '@troncal/contracts';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import { notReady, READY, runOutsideContext, type CheckResult, type Logger } from '@troncal/observability';
import type { Bus } from '../connection/bus.js';
import { deadLetterStream, ensureStream, eventStream, type StreamLimits } from './streams.js';

const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };

/** Sees to it that the streams a service writes to and reads from exist, as soon as NATS is there, and again after each reconnect. */
export class StreamProvisioner {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private again = false;
  private trouble: string | undefined = 'The streams have not been looked at yet.';

  constructor(
    private readonly bus: Bus,
    private readonly service: ServiceName,
    private readonly limits: StreamLimits,
    private readonly logger: Logger,
  ) {}

  /** Returns at once. A server that lost its files gets its streams again when it's back. */
  start(): void {
    this.bus.onConnected(() => {
      this.again = true;
      this.running ??= runOutsideContext(() => this.provision()).finally(() => (this.running = undefined));
    });
  }

  health(): CheckResult {
    return this.trouble === undefined ? READY : notReady(this.trouble);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async provision(): Promise<void> {
    for (let failures = 0; this.again && !this.stopping.signal.aborted; ) {
      this.again = false;
      try {
        await this.ensureAll();
        this.trouble = undefined;
      } catch (error) {
        this.trouble = `The streams are not as they should be: ${errorText(error)}`;
        this.logger.warn({ err: error }, 'the streams could not be provided; trying again');
        this.again = true;
        failures += 1;
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
  }

  private async ensureAll(): Promise<void> {
    const manager = await this.bus.jetStreamManager();
    const written = domainsWrittenBy(this.service);
    for (const domain of new Set([...written, ...domainsReadBy(this.service)])) {
      await ensureStream(manager, eventStream(domain, this.limits), written.includes(domain), this.logger);
    }
    await ensureStream(manager, deadLetterStream(this.limits), false, this.logger);
  }
}
