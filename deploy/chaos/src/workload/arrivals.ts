import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@troncal/kernel';
import type { OutgoingCall } from '@troncal/sip-phone';
import { CALLER_HZ, AGENT_ROUTE, arrivalExtension, PERSON } from './places.js';
import { playForEver } from './people.js';
import type { Phones } from './phones.js';

/** A caller who came while the fault lasted. */
export interface Arrival {
  readonly name: string;
  readonly extension: string;
  readonly dialled: string;
  readonly call: OutgoingCall;
}

/** New callers, one after the other at a steady pace: two to the voice agent, then one to a person directly. Each has a phone of its own. */
export class Arrivals {
  readonly all: Arrival[] = [];
  readonly failures: string[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly phones: Phones,
    private readonly capacity: number,
    /** They hang up after so long, ms; for ever when infinite. */
    private readonly staysMs: number,
  ) {}

  /** Opens the phones; they register before the fault, as people's phones have. */
  open(): Promise<void> {
    return this.phones.add(Array.from({ length: this.capacity }, (_, index) => arrivalExtension(index)));
  }

  /** Begins a call every `everyMs`, until stopped or until every phone is in use. */
  start(everyMs: number): void {
    this.running = this.run(everyMs);
  }

  /** No more come; those who are there stay as long as they would. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(everyMs: number): Promise<void> {
    for (let index = 0; index < this.capacity && !this.stopping.signal.aborted; index += 1) {
      await this.arrive(index).catch((error: unknown) => this.failures.push(errorText(error)));
      await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  private async arrive(index: number): Promise<void> {
    const extension = arrivalExtension(index);
    const dialled = index % 3 === 2 ? PERSON : AGENT_ROUTE;
    const call = await this.phones.of(extension).call(dialled);
    this.all.push({ name: `arrival ${index}`, extension, dialled, call });
    if (this.staysMs < Infinity) setTimeout(() => void call.hangup().catch(() => {}), this.staysMs).unref();
    void call.answered({ timeoutMs: 60_000 }).then(() => dialled === PERSON && playForEver(call, CALLER_HZ), () => {});
  }
}
