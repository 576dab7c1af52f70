import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { QueueLine, type HeldCaller, type QueuePlace } from '../voice/flow/queue-line.js';
import { FetchCaller } from './fetch-caller.js';
import { QueueLineRepository, type LineEntry } from './queue-line.repository.js';

const EVERY_MS = 500;
/** What is older is no line any more: nobody waits for one that nobody can see. */
const KNOWN_FOR_MS = 3_000;
/** Whoever has just been given music is not fetched from it: Twilio may still be reading the answer. */
const SETTLES_MS = 500;
/** Who isn't in line after that long has left. */
const GIVEN_UP_MS = 5_000;

interface Held extends HeldCaller {
  readonly sinceMs: number;
  /** Their turn has been theirs all along: they have rung in vain, and wait for somebody to become free. */
  hadTurn: boolean;
  /** The fewest people that were free since. */
  fewestFree: number;
}

/** Reads the line all the time, and fetches callers of this replica whose turn has come. */
@Injectable()
export class FollowQueueLine extends PeriodicWork implements QueueLine {
  protected readonly failure = 'the line of callers in queues can’t be read: whoever asks first rings first meanwhile';
  private line: readonly LineEntry[] = [];
  private readAt = Number.NEGATIVE_INFINITY;
  private readonly held = new Map<string, Held>();

  constructor(
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
    private readonly repository: QueueLineRepository,
    private readonly fetch: FetchCaller,
  ) {
    super(EVERY_MS, schema, logger);
  }

  isTheirTurn(place: QueuePlace): boolean {
    return !this.isKnown || this.ahead(place) < Math.max(1, this.free(place));
  }

  hold(caller: HeldCaller): void {
    this.held.set(caller.callSid, { ...caller, sinceMs: performance.now(), fewestFree: this.free(caller), hadTurn: this.isTheirTurn(caller) });
  }

  forget(callSid: string): void {
    this.held.delete(callSid);
  }

  async once(): Promise<void> {
    this.line = await this.repository.read();
    this.readAt = performance.now();
    await Promise.all([...this.held.values()].map((caller) => this.look(caller)));
  }

  private get isKnown(): boolean {
    return performance.now() - this.readAt < KNOWN_FOR_MS;
  }

  private async look(caller: Held): Promise<void> {
    const heldForMs = performance.now() - caller.sinceMs;
    const isInLine = this.line.some(({ callSid, queue }) => callSid === caller.callSid && queue === caller.queue);
    if (!isInLine && heldForMs > GIVEN_UP_MS) return this.forget(caller.callSid);
    const [isTheirTurn, free] = [this.isTheirTurn(caller), this.free(caller)];
    if (heldForMs > SETTLES_MS && isTheirTurn && free > 0 && (!caller.hadTurn || free > caller.fewestFree)) return this.fetchNow(caller);
    caller.hadTurn &&= isTheirTurn;
    caller.fewestFree = Math.min(caller.fewestFree, free);
  }

  private async fetchNow(caller: Held): Promise<void> {
    this.forget(caller.callSid);
    await this.fetch.run(caller).catch((error: unknown) => this.logger.warn({ err: error, callSid: caller.callSid }, 'a caller can’t be fetched from the music, and hears it to its end'));
  }

  /** Who came before and still waits; all, for one who isn't in line yet. Who hears music of this replica is known before the line was read again. */
  private ahead({ environment, tenant, queue, callSid }: QueuePlace): number {
    const isSame = (other: { readonly environment: string; readonly tenant: string; readonly queue: string | undefined }): boolean => other.environment === environment && other.tenant === tenant && other.queue === queue;
    const waiting = [...new Set([...this.line, ...this.held.values()].filter(isSame).map((other) => other.callSid))];
    const own = waiting.indexOf(callSid);
    return own < 0 ? waiting.length : own;
  }

  private free({ environment, tenant, people }: QueuePlace): number {
    const talking = new Set(this.line.flatMap((entry) => (entry.environment === environment && entry.tenant === tenant && entry.talksWith !== undefined ? [entry.talksWith] : [])));
    return people.filter((extension) => !talking.has(extension)).length;
  }
}
