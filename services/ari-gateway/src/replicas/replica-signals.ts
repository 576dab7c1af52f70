import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import type { Database, Session } from '@troncal/persistence';
import { z } from 'zod';

const CHANNEL = 'ari_gateway_replicas';
/** PostgreSQL takes 8,000 bytes in a NOTIFY. */
const MOST_BYTES = 7_500;
const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };

const signalSchema = z.object({ from: z.string(), topic: z.string(), facts: z.unknown().optional() });

/**
 * Hears of a topic; `facts` are undefined when they were too large or may have been missed: then look for yourself. One that fails is asked to look
 * for itself until it succeeds.
 */
export type SignalListener = (facts: unknown) => unknown;

/**
 * What one replica of the gateway tells the others, by NOTIFY: an event of the bus reaches one replica only, and what it changes in memory must
 * change in all. After each loss of the connection every topic is told once without facts.
 */
export class ReplicaSignals {
  private readonly listeners = new Map<string, SignalListener[]>();
  private readonly behind = new Set<SignalListener>();
  private readonly stopping = new AbortController();
  private session: Session | undefined;
  private running: Promise<void> | undefined;

  /** @param me this process */
  constructor(
    private readonly db: Pick<Database, 'run' | 'session'>,
    private readonly me: string,
    private readonly logger: Logger,
  ) {}

  /** What the other replicas say of a topic, never what this one says. Register before `start`. */
  on(topic: string, listener: SignalListener): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  /** Tells the others; nothing waits for it. Call it after the commit of what it is about. */
  tell(topic: string, facts?: unknown): void {
    const whole = JSON.stringify({ from: this.me, topic, facts });
    const payload = Buffer.byteLength(whole) <= MOST_BYTES ? whole : JSON.stringify({ from: this.me, topic });
    // Outside of any transaction: a NOTIFY inside serialises all commits of the database. Lost with the database: then everybody looks anew.
    this.db.run('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch((error: unknown) => this.logger.debug({ topic, reason: errorText(error) }, 'the other replicas could not be told'));
  }

  /** Begins to listen; returns at once. */
  start(): void {
    this.running ??= runOutsideContext(() => this.listen());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.session?.close();
    await this.running;
  }

  private async listen(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      try {
        this.session = await this.db.session();
        // Stopped while it was being opened: nobody else would close it.
        if (this.stopping.signal.aborted) return;
        await this.session.listen(CHANNEL, (payload) => this.hear(payload));
        failures = 0;
        for (const topic of this.listeners.keys()) this.pass(topic, undefined);
        await this.session.ended();
      } catch (error) {
        failures += 1;
        this.logger.debug({ reason: errorText(error) }, 'the other replicas can’t be heard yet');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      } finally {
        await this.session?.close();
      }
    }
  }

  private hear(payload: string): void {
    const signal = signalSchema.safeParse(json(payload));
    if (signal.success && signal.data.from !== this.me) this.pass(signal.data.topic, signal.data.facts);
  }

  private pass(topic: string, facts: unknown): void {
    for (const listener of this.listeners.get(topic) ?? []) void this.hand(topic, listener, facts);
  }

  /** Nothing tells again what one listener missed: it is kept at it. */
  private async hand(topic: string, listener: SignalListener, facts: unknown): Promise<void> {
    const missed = await this.missed(topic, listener, facts);
    if (!missed || this.behind.has(listener)) return;
    this.behind.add(listener);
    for (let failures = 1; await pause(backoffMs(RETRY, failures), this.stopping.signal); failures += 1) {
      if (!(await this.missed(topic, listener, undefined))) break;
    }
    this.behind.delete(listener);
  }

  private async missed(topic: string, listener: SignalListener, facts: unknown): Promise<boolean> {
    try {
      await listener(facts);
      return false;
    } catch (error) {
      this.logger.warn({ topic, reason: errorText(error) }, 'what another replica told could not be taken yet');
      return true;
    }
  }
}

/** Anybody with the database's password can say anything there. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
