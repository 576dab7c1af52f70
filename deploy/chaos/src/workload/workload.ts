import fs from 'node:fs';
import type { SipCall } from '@troncal/sip-phone';
import type { PhoneCall, Span } from '../judge/evidence.js';
import type { Troncal } from '../troncal/troncal.js';
import { Arrivals } from './arrivals.js';
import { audioGaps } from './audio-gaps.js';
import { wallClock } from './clock.js';
import { LoopWatch } from './loop-watch.js';
import { Operations } from './operations.js';
import { People } from './people.js';
import { Phones } from './phones.js';
import { preferRealTime } from './precedence.js';
import { beginSteadyCalls, openSteadyPhones, type SteadyCall } from './steady-calls.js';

const GAP_MS = 60;

/** Telephones, people and clients around one Troncal, and all that they remember. */
export class Workload {
  private readonly watch = new LoopWatch();
  private steady: SteadyCall[] = [];
  private judgedFromMs = Infinity;
  private judgedToMs = Infinity;

  private constructor(
    readonly phones: Phones,
    readonly people: People,
    readonly arrivals: Arrivals,
    readonly operations: Operations,
    /** Asterisk and the telephones go before the other processes of the run. */
    readonly realTime: boolean,
  ) {}

  static async open(troncal: Troncal, { calls, arrivals, arrivalStaysMs = Infinity, precedence }: { readonly calls: number; readonly arrivals: number; readonly arrivalStaysMs?: number | undefined; readonly precedence: boolean }): Promise<Workload> {
    const asterisk = troncal.pidOf('asterisk');
    const realTime = precedence && preferRealTime([process.pid, ...(asterisk === undefined ? [] : [asterisk])]);
    const phones = await Phones.open(troncal.api, troncal.first);
    const people = new People();
    const key = fs.readFileSync(troncal.first.http.apiKeyFile, 'utf8').trim();
    const workload = new Workload(phones, people, new Arrivals(phones, arrivals, arrivalStaysMs), new Operations({ url: troncal.api.url, key, tenant: phones.tenant.code }), realTime);
    await openSteadyPhones(phones, people, calls);
    await workload.arrivals.open();
    workload.steady = await beginSteadyCalls(phones, people, calls);
    return workload;
  }

  get tenant(): string {
    return this.phones.tenant.code;
  }

  get steadyCalls(): readonly SteadyCall[] {
    return this.steady;
  }

  /** Those of the steady load that the voice agent has. */
  get agentCalls(): readonly SteadyCall[] {
    return this.steady.filter(({ person }) => person === undefined);
  }

  /** Calls of the steady load that are still up. */
  get upCalls(): number {
    return this.steady.filter(({ call }) => call.callEnd === undefined).length;
  }

  /** Every fifth caller of the steady load hangs up, as people do whatever is broken. */
  async someLeave(): Promise<number> {
    const leaving = this.steady.filter((_, index) => index % 5 === 4);
    await Promise.all(leaving.map(({ call }) => call.hangup()));
    return leaving.length;
  }

  /** From now on every hole in what phones hear of each other counts, until `hangUp`. */
  judgeAudioFromNow(): void {
    this.judgedFromMs = performance.now();
  }

  /** Ends every call from its caller's side; resolves when all phones know. */
  async hangUp(): Promise<void> {
    this.judgedToMs = performance.now();
    await this.arrivals.stop();
    const calls = [...this.steady, ...this.arrivals.all].map(({ call }) => call);
    await Promise.all(calls.map((call) => call.hangup().catch(() => {})));
    await Promise.all(this.people.answered.map(({ call }) => call.hangup().catch(() => {})));
  }

  /** What the phones remember. */
  memories(): PhoneCall[] {
    const steady = this.steady.flatMap((each) => [
      this.remember(each.call, { name: each.name, kind: 'steady', extension: each.extension, dialled: each.dialled }, each.person !== undefined),
      ...(each.person ? [this.remember(each.person.call, { name: `person of ${each.name}`, kind: 'person', extension: each.person.extension, dialled: each.person.extension }, true)] : []),
    ]);
    const arrivals = this.arrivals.all.map((each) => this.remember(each.call, { name: each.name, kind: 'arrival', extension: each.extension, dialled: each.dialled }, false));
    return [...steady, ...arrivals];
  }

  async close(): Promise<void> {
    this.watch.stop();
    await this.phones.close();
  }

  private remember(call: SipCall, who: Pick<PhoneCall, 'name' | 'kind' | 'extension' | 'dialled'>, judged: boolean): PhoneCall {
    const { invitedAtMs, answeredAtMs } = call.times;
    const end = call.callEnd;
    const heardAtMs = answeredAtMs === undefined ? undefined : call.heard.firstAudioAt;
    return {
      ...who,
      invitedAtMs: wallClock(invitedAtMs),
      answeredAtMs: answeredAtMs === undefined ? null : wallClock(answeredAtMs),
      heardAtMs: heardAtMs === undefined ? null : wallClock(heardAtMs),
      ended: end === undefined ? null : { by: end.by, atMs: wallClock(end.atMs), reason: end.reason, ...(end.sipStatus === undefined ? {} : { sipStatus: end.sipStatus }), ...(end.cause === undefined ? {} : { cause: end.cause }) },
      frames: answeredAtMs === undefined ? 0 : call.heard.frameCount,
      audio: judged && answeredAtMs !== undefined ? this.audioOf(call) : null,
    };
  }

  private audioOf(call: SipCall): NonNullable<PhoneCall['audio']> {
    const judged: Span = { fromMs: wallClock(this.judgedFromMs), toMs: wallClock(this.judgedToMs) };
    const gaps = audioGaps(call.heard.between(this.judgedFromMs, this.judgedToMs), this.watch.stalls, GAP_MS);
    return { judged, gaps: gaps.map((gap) => ({ atMs: wallClock(gap.fromMs), ms: gap.ms, ownMs: gap.ownMs })) };
  }
}
