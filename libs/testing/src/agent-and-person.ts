import type { IncomingCall, OutgoingCall, SipPhone } from '@troncal/sip-phone';
import { EventRecorder } from './event-recorder.js';
import { openStack, type Stack } from './stack.js';
import { openStackPhone } from './stack-phone.js';
import { TenantFixture } from './tenant-fixture.js';

const CALLER_HZ = 700;
const PERSON_HZ = 1_300;

export interface AgentAndPersonOptions {
  /** Of the tenant's code. */
  readonly prefix: string;
  /** The route records its calls. */
  readonly recorded?: boolean;
}

/** A tenant of the running Troncal whose extension 100 is the agent, where 0 brings a person; a caller at 202, and that person at 201. */
export class AgentAndPerson {
  private constructor(
    readonly stack: Stack,
    readonly tenant: TenantFixture,
    /** Of the domain `calls`. */
    readonly events: EventRecorder,
    readonly caller: SipPhone,
    readonly person: SipPhone,
  ) {}

  static async open({ prefix, recorded = false }: AgentAndPersonOptions): Promise<AgentAndPerson> {
    const stack = await openStack();
    const state = await stack.state();
    const events = await EventRecorder.open(state, ['calls', 'voice']);
    const tenant = await TenantFixture.create(stack.api, prefix);
    await tenant.route('agent', {
      name: 'Agent, then people',
      extension: '100',
      ...(recorded && { recording: { enabled: true } }),
      start: 'agent',
      nodes: {
        agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
        people: { kind: 'queue', queue: 'people', timeoutMs: 60_000, onTimeout: 'bye' },
        bye: { kind: 'hangup' },
      },
    });
    const caller = await openStackPhone(state, await tenant.endpoint('202'));
    const person = await openStackPhone(state, await tenant.endpoint('201', ['people']));
    return new AgentAndPerson(stack, tenant, events, caller, person);
  }

  /** The caller presses 0, and the person answers. */
  async zeroBringsThePerson(call: OutgoingCall): Promise<IncomingCall> {
    await call.sendDigits('0');
    const ringing = await this.person.nextCall({ timeoutMs: 30_000 });
    await ringing.answer();
    return ringing;
  }

  /** Resolves when each hears the other's tone; rejects when one of them doesn't within 10 s. */
  async hearEachOther(one: OutgoingCall, other: IncomingCall): Promise<void> {
    const since = performance.now();
    const playing = [one.playTone(CALLER_HZ, 6_000), other.playTone(PERSON_HZ, 6_000)];
    await Promise.all([one.heard.waitForTone(PERSON_HZ, { sinceMs: since, timeoutMs: 10_000 }), other.heard.waitForTone(CALLER_HZ, { sinceMs: since, timeoutMs: 10_000 })]);
    one.stopPlaying();
    other.stopPlaying();
    await Promise.all(playing);
  }

  /** Ends whatever call is left. */
  async hangUp(): Promise<void> {
    for (const call of [...this.caller.activeCalls, ...this.person.activeCalls]) await call.hangup();
  }

  /** The tenant stays where the stack is thrown away anyway. */
  async close(): Promise<void> {
    await this.caller.close();
    await this.person.close();
    await this.events.stop();
  }
}
