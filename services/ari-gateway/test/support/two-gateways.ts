import type { IncomingCall, OutgoingCall } from '@troncal/sip-phone';
import { eventually, ReplicaLab, serviceProgram, type GatewayReplica } from '@troncal/testing';
import { expect } from 'vitest';

const CALLER_TONE = 650;
const PERSON_TONE = 1_050;

/** Two who talk, in a call that the menu has put through. */
export interface Talk {
  readonly callId: string;
  readonly caller: OutgoingCall;
  readonly person: IncomingCall;
}

/** Somebody in the menu, which waits for a digit. */
export interface InMenu {
  readonly callId: string;
  readonly caller: OutgoingCall;
  readonly answers: Promise<IncomingCall>;
}

/** An edge with two gateways: `a` owns it, `b` stands by. */
export class TwoGateways {
  private constructor(readonly lab: ReplicaLab) {}

  owner!: GatewayReplica;
  standby!: GatewayReplica;

  static async open(): Promise<TwoGateways> {
    return new TwoGateways(await ReplicaLab.open(serviceProgram('ari-gateway')));
  }

  async start(): Promise<void> {
    this.owner = await this.lab.gateway('a');
    this.owner.start();
    await this.owner.ready();
    await this.lab.owned('a');
    this.standby = await this.lab.gateway('b');
    this.standby.start();
    await this.standby.ready();
  }

  /** 201 in the menu. */
  async inMenu(): Promise<InMenu> {
    const [caller, person] = [await this.lab.phone('201'), await this.lab.phone('202')];
    const answers = person.nextCall({ timeoutMs: 40_000 });
    answers.catch(() => {});
    const call = await caller.call('150');
    await call.answered();
    return { callId: await this.lab.liveCall(), caller: call, answers };
  }

  /** 1 rings 202, who answers. */
  async talk(menu?: InMenu): Promise<Talk> {
    const { callId, caller, answers } = menu ?? (await this.inMenu());
    await caller.sendDigits('1');
    const person = await answers;
    await person.answer();
    await hearEachOther({ caller, person });
    return { callId, caller, person };
  }
}

export async function hearEachOther({ caller, person }: Pick<Talk, 'caller' | 'person'>): Promise<void> {
  const played = [caller.playTone(CALLER_TONE, 2_500), person.playTone(PERSON_TONE, 2_500)];
  await Promise.all([caller.heard.waitForTone(PERSON_TONE, { timeoutMs: 8_000 }), person.heard.waitForTone(CALLER_TONE, { timeoutMs: 8_000 })]);
  await Promise.all(played);
}

/** Hung up, each call has begun once and ended once, and nothing happened in it afterwards. How it sounded may be told later. */
export async function endsOnce({ lab }: TwoGateways, { callId, caller }: Pick<Talk, 'callId' | 'caller'>): Promise<string[]> {
  await caller.hangup();
  await eventually('it has ended', async () => (await lab.events(callId)).includes('CallEnded'), 15_000);
  const events = await lab.events(callId);
  expect(events.filter((type) => type === 'CallStarted')).toHaveLength(1);
  expect(events.filter((type) => type === 'CallEnded')).toHaveLength(1);
  expect(events.findLast((type) => type !== 'CallQualityMeasured')).toBe('CallEnded');
  return events;
}
