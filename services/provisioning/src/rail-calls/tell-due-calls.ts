import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import { pause } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { isDatabaseAway } from '@troncal/persistence';
import { RailCallRepository } from './rail-call.repository.js';
import { RailFactWriter } from './rail-fact-writer.js';
import { TellRailCall } from './tell-rail-call.js';

const AT_ONCE = 4;
const MOST = 200;
/** Another replica's facts are seen by looking. */
const LOOK_MS = 1_000;
const SHORTEST_MS = 20;
/** A call that can't be told of (a fault of ours) is left alone for so long. */
const FAULTY_MS = 60_000;

/** Looks for calls that something is due of, all the time; any replica tells of any call. */
@Injectable()
export class TellDueCalls implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private sleep = new AbortController();

  constructor(
    private readonly schema: Schema,
    private readonly calls: RailCallRepository,
    private readonly tell: TellRailCall,
    private readonly writer: RailFactWriter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.writer.onStored(() => this.wake());
    this.running = runOutsideContext(() => this.loop());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private wake(): void {
    this.sleep.abort();
  }

  private async loop(): Promise<void> {
    await Promise.race([this.schema.ready(), aborted(this.stopping.signal)]);
    while (!this.stopping.signal.aborted) {
      // Before the look: what comes during it must not be slept over.
      this.sleep = new AbortController();
      const waitMs = await this.once().catch((error: unknown) => {
        this.logger[isDatabaseAway(error) ? 'debug' : 'error']({ err: error }, 'calls on Twilio’s rail can’t be told of now');
        return LOOK_MS;
      });
      if (waitMs > 0) await pause(waitMs, AbortSignal.any([this.sleep.signal, this.stopping.signal]));
    }
  }

  private async once(): Promise<number> {
    const { callSids, nextInMs } = await this.calls.due(MOST);
    if (callSids.length === 0) return Math.max(SHORTEST_MS, Math.min(LOOK_MS, nextInMs ?? LOOK_MS));
    const queue = [...callSids];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.one(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    // What another replica holds stays due until it has let go: not asked for without a breath.
    return SHORTEST_MS;
  }

  private async one(callSid: string): Promise<void> {
    try {
      await this.tell.run(callSid, this.writer.behindMs);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      this.logger.error({ err: error, callSid }, 'a call on Twilio’s rail can’t be told of; it is tried again in a minute');
      await this.calls.postpone(callSid, FAULTY_MS);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
