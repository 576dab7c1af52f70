import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingCall, OutgoingCall, SipPhone } from '@troncal/sip-phone';
import { eventually, type ReplicaLab } from '@troncal/testing';

type Party = OutgoingCall | IncomingCall;

/** Only a gateway rings the desk: the dialplan's fallback, which answers every other caller by itself, does not know this extension. */
const DESK = '160';
const MENU = '150';
const DIAL_EVERY_MS = 100;
const PATIENCE_MS = 20_000;
const [CALLER_TONE, PERSON_TONE] = [650, 1_050];

/** The phones of the lab: two who talk, one whose call waits for a digit, one that dials, and whom they reach. */
export class LiveCalls {
  private talking: readonly [Party, Party] | undefined;
  private inMenu: OutgoingCall | undefined;

  private constructor(
    private readonly lab: ReplicaLab,
    private readonly phones: { readonly talker: SipPhone; readonly listener: SipPhone; readonly chooser: SipPhone; readonly chosen: SipPhone; readonly dialler: SipPhone; readonly desk: SipPhone },
  ) {}

  /** Before the first gateway: it knows the routes that were there when it started. */
  static async declare(lab: ReplicaLab): Promise<void> {
    await lab.route('desk', DESK, { ring: { kind: 'ring', extensions: ['206'], timeoutMs: 30_000, onNoAnswer: 'bye' }, bye: { kind: 'hangup' } }, 'ring');
  }

  static async open(lab: ReplicaLab): Promise<LiveCalls> {
    const [talker, listener, chooser, chosen, dialler, desk] = [await lab.phone('201'), await lab.phone('203'), await lab.phone('204'), await lab.phone('202'), await lab.phone('205'), await lab.phone('206')];
    return new LiveCalls(lab, { talker, listener, chooser, chosen, dialler, desk });
  }

  /** Two calls: two who hear each other, and one in a menu. */
  async begin(): Promise<void> {
    const { talker, listener, chooser } = this.phones;
    const rings = listener.nextCall();
    const caller = await talker.call('203');
    const person = await rings;
    await person.answer();
    this.talking = [caller, person];
    await hearEachOther(caller, person);
    this.inMenu = await chooser.call(MENU);
    await this.inMenu.answered();
  }

  /** Dials anew every 100 ms until the first of these calls rings where a gateway sends it; resolves with that moment. */
  async firstNewCall(): Promise<number> {
    const rings = this.phones.desk.nextCall({ timeoutMs: PATIENCE_MS });
    let rung = false;
    const first = rings.then((call) => call.times.invitedAtMs).finally(() => (rung = true));
    first.catch(() => {});
    for (let at = performance.now(); !rung; at += DIAL_EVERY_MS) {
      const call = await this.phones.dialler.call(DESK);
      call.onEvent(({ kind }) => void (kind === 'answered' && call.hangup().catch(() => {})));
      await Promise.race([sleep(Math.max(0, at + DIAL_EVERY_MS - performance.now())), first.catch(() => {})]);
    }
    return first;
  }

  /** Presses 1 in the menu until the phone behind it rings; resolves with that moment. */
  async firstDigit(): Promise<number> {
    const { inMenu } = this;
    if (!inMenu) throw new Error('no call is in the menu');
    let rung: IncomingCall | undefined;
    const rings = this.phones.chosen.nextCall({ timeoutMs: PATIENCE_MS }).then((call) => (rung = call));
    rings.catch(() => {});
    while (rung === undefined && inMenu.callEnd === undefined) await inMenu.sendDigits('1', { durationMs: 60, gapMs: 40 });
    const call = await rings;
    await call.answer();
    return call.times.invitedAtMs;
  }

  /** How many of the two calls are over, or don't carry sound both ways. */
  async dropped(): Promise<number> {
    const chosen = this.phones.chosen.activeCalls.find((call) => call.isAnswered) as Party | undefined;
    const pairs = [this.talking, this.inMenu && chosen ? ([this.inMenu, chosen] as const) : undefined];
    const up = await Promise.all(pairs.map(async (pair) => pair !== undefined && (await hearEachOther(...pair).then(() => true, () => false))));
    return up.filter((each) => !each).length;
  }

  /** Everybody hangs up; nothing is live any more. */
  async end(): Promise<void> {
    await Promise.all(Object.values(this.phones).flatMap((phone) => phone.activeCalls.map((call) => call.hangup().catch(() => {}))));
    await eventually('no call is live', async () => {
      const live = await this.lab.db.query<{ call: string }>(`SELECT document ->> 'to' || ' ' || state AS call FROM calls WHERE state <> 'ended'`);
      if (live.length > 0) throw new Error(live.map(({ call }) => call).join(', '));
      return true;
    }, PATIENCE_MS);
  }
}

async function hearEachOther(caller: Party, person: Party): Promise<void> {
  const sinceMs = performance.now();
  const played = [caller.playTone(CALLER_TONE, 1_000), person.playTone(PERSON_TONE, 1_000)];
  await Promise.all([caller.heard.waitForTone(PERSON_TONE, { sinceMs, timeoutMs: 5_000 }), person.heard.waitForTone(CALLER_TONE, { sinceMs, timeoutMs: 5_000 })]);
  await Promise.all(played);
}
