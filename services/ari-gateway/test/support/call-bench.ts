import { routeSchema, type RouteInput } from '@troncal/contracts';
import type { Call, DialTarget } from '../../src/calls/call.js';
import type { CallEffect } from '../../src/calls/machine/call-effect.js';
import type { CallMessage } from '../../src/calls/machine/call-message.js';
import { handleMessage } from '../../src/calls/machine/handle-message.js';
import type { CallFact } from '../../src/calls/machine/call-fact.js';
import { newCall, type NewCall } from '../../src/calls/new-call.js';

export const say = (text: string): { say: { es: string } } => ({ say: { es: text } });
export const AGENT_NODES: RouteInput['nodes'] = {
  a: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'sorry' },
  people: { kind: 'queue', queue: 'people', timeoutMs: 60_000, onTimeout: 'bye' },
  sorry: { kind: 'announce', prompt: say('perdón'), next: 'people' },
  bye: { kind: 'hangup', prompt: say('nadie puede atenderle') },
};

/** A call on the bench: messages in, and everything that came out of them, with a clock that moves when told. */
export class CallBench {
  call: Call;
  now = 1_000_000;
  readonly facts: CallFact[] = [];
  readonly effects: CallEffect[] = [];
  /** What the last message gave. */
  last: { readonly facts: readonly CallFact[]; readonly effects: readonly CallEffect[] } = { facts: [], effects: [] };
  /** Channels that hung up by themselves, or were found gone. */
  readonly gone = new Set<string>();
  private ids = 0;

  constructor(
    nodes: RouteInput['nodes'],
    more: Partial<RouteInput> = {},
    given: Partial<NewCall> = {},
    private readonly phones: readonly string[] = ['201', '202', '203'],
  ) {
    const route = routeSchema.parse({ name: 'T', start: Object.keys(nodes)[0], nodes, ...more });
    this.call = newCall({
      tenant: 'demo', direction: 'inbound', from: '+56225550101', to: '100', edgeId: 'edge-1', language: 'es', route, routeRef: { code: 'main', revision: 1 }, dials: {},
      channelId: 'caller', primary: 'caller', answered: false, now: this.now, ...given,
    });
  }

  /** Begins, then takes each message; returns the bench. */
  run(...messages: readonly (CallMessage | ((call: Call) => CallMessage))[]): this {
    for (const message of messages) this.take(typeof message === 'function' ? message(this.call) : message);
    return this;
  }

  take(message: CallMessage): void {
    if (message.kind === 'leg_gone') this.gone.add(message.channelId);
    if (message.kind === 'reowned') for (const channel of message.legs) if (!Object.hasOwn(message.channels, channel)) this.gone.add(channel);
    const result = handleMessage(this.call, message, { now: this.now, newLegId: () => `leg-${(this.ids += 1)}`, newId: () => `id-${(this.ids += 1)}`, dialTarget: (_tenant, extension) => this.dialTarget(extension), home: () => ({ country: 'CL', timeZone: 'America/Santiago' }) });
    this.last = result;
    this.call = result.call;
    this.facts.push(...result.facts);
    this.effects.push(...result.effects);
  }

  get factNames(): string[] {
    return this.facts.map((fact) => fact.name);
  }

  get lastEffects(): string[] {
    return this.last.effects.map((effect) => effect.kind);
  }

  /** The newest leg of a kind. */
  leg(kind: string): string {
    const leg = this.call.legs.findLast((each) => each.kind === kind);
    if (!leg) throw new Error(`no ${kind} leg`);
    return leg.legId;
  }

  get step(): number {
    return this.call.flow?.step ?? 0;
  }

  private dialTarget(extension: string): DialTarget | undefined {
    return this.phones.includes(extension) ? { kind: 'endpoint', extension, sipUser: `demo_${extension}` } : undefined;
  }
}
