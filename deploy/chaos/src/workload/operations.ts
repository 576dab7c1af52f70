import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../judge/evidence.js';
import { declaredExtension, PERSON } from './places.js';

export interface OperationsTarget {
  readonly url: string;
  readonly key: string;
  readonly tenant: string;
}

const DEADLINE_MS = 4_000;
/** Refused before anything was done; everything else that isn't a success leaves it open. */
const REFUSED = new Set([400, 401, 403, 404, 409, 422, 429]);
/** Every so many declarations one of the declared extensions places a call. */
const ORIGINATE_EVERY = 8;

/**
 * A client that gives commands all the time and writes down what it asked and what it was told, as Jepsen's clients do. A declaration is tried
 * once; a call is asked for again under its Idempotency-Key until the answer is certain.
 */
export class Operations {
  readonly history: Operation[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly originations: Promise<void>[] = [];

  constructor(private readonly target: OperationsTarget) {}

  start(everyMs: number): void {
    this.running = this.run(everyMs);
  }

  /** Resolves when the last answers are there. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.originations);
  }

  private async run(everyMs: number): Promise<void> {
    for (let index = 0; !this.stopping.signal.aborted; index += 1) {
      const key = declaredExtension(index);
      const outcome = await this.declare(key);
      if (outcome === 'ok' && index % ORIGINATE_EVERY === 0) this.originations.push(this.originate(key));
      await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  private async declare(key: string): Promise<Operation['outcome']> {
    return this.once('declare', key, 'PUT', `/api/tenants/${this.target.tenant}/endpoints/${key}`, { displayName: `Declared ${key}` }, {});
  }

  private async originate(key: string): Promise<void> {
    const idempotency = { 'idempotency-key': randomBytes(12).toString('hex') };
    const body = { tenant: this.target.tenant, to: PERSON, from: key, route: 'ring' };
    for (let outcome: Operation['outcome'] = 'unknown'; outcome === 'unknown' && !this.stopping.signal.aborted; ) {
      outcome = await this.once('originate', key, 'POST', '/api/calls', body, idempotency);
      if (outcome === 'unknown') await sleep(1_000);
    }
  }

  private async once(kind: Operation['kind'], key: string, method: string, path: string, body: object, headers: Readonly<Record<string, string>>): Promise<Operation['outcome']> {
    const invokedAtMs = Date.now();
    const status = await this.send(method, path, body, headers);
    const outcome = status === null ? 'unknown' : status < 300 ? 'ok' : REFUSED.has(status) ? 'fail' : 'unknown';
    this.history.push({ kind, key, invokedAtMs, completedAtMs: status === null ? null : Date.now(), outcome, status });
    return outcome;
  }

  /** The answer's status; null when there was none. */
  private async send(method: string, path: string, body: object, headers: Readonly<Record<string, string>>): Promise<number | null> {
    try {
      const response = await fetch(new URL(path, this.target.url), {
        method,
        headers: { authorization: `Bearer ${this.target.key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }
}
