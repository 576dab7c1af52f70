import { createHash } from 'node:crypto';
import { railFactSchema, type RailFact, type RailFactOf } from '../../src/rail-calls/call-facts.js';

/** A CallSid for a name. */
export const sid = (name: string): string => `CA${createHash('md5').update(name).digest('hex')}`;

const BEGIN = Date.parse('2026-11-30T12:00:00.000Z');

/** Notes what happens in one call, a second after the other, as the webhooks do. */
export class RailCallBench {
  readonly facts: RailFact[] = [];
  readonly callSid: string;

  constructor(
    name = 'call',
    private readonly tenant = 'demo',
    private readonly beginsAt = BEGIN,
    private readonly environment = 'prod',
  ) {
    this.callSid = sid(name);
  }

  started(more: Partial<Pick<RailFactOf<'started'>, 'direction' | 'from' | 'to'>> = {}): this {
    return this.note({ kind: 'started', key: 'started', direction: 'inbound', from: '+56225550101', to: '+56229145248', route: { code: 'main', revision: 3 }, ...more });
  }

  refused(more: { readonly denial?: string }): this {
    return this.note({ kind: 'refused', key: 'refused', direction: 'outbound', from: '201', to: '+88216000000', reason: 'not_allowed', detail: 'Satellite numbers are not called.', ...more });
  }

  answered(): this {
    return this.note({ kind: 'answered', key: 'answered', by: 'route', answeredBy: 'main' });
  }

  digit(digit: string, step: string, masked = false): this {
    return this.note({ kind: 'digit', key: `digit:${step}`, digit: masked ? '•' : digit, masked });
  }

  ringing(leg: string, target: string): this {
    return this.note({ kind: 'ringing', key: `ringing:${sid(leg)}`, legSid: sid(leg), target });
  }

  person(leg: string, extension: string): this {
    return this.note({ kind: 'person-connected', key: `person:${sid(leg)}`, legSid: sid(leg), extension, waitedMs: 4_000 });
  }

  leg(leg: string, status: RailFactOf<'leg-status'>['status'], more: Partial<Pick<RailFactOf<'leg-status'>, 'sipCode' | 'durationS' | 'callStatus' | 'target'>> = {}): this {
    return this.note({ kind: 'leg-status', key: `leg:${sid(leg)}:${status}`, legSid: sid(leg), status, ...more });
  }

  queued(step: string): this {
    return this.note({ kind: 'queued', key: `queued:${step}`, queue: 'people', reason: 'digit' });
  }

  queueLeft(step: string, outcome: RailFactOf<'queue-left'>['outcome']): this {
    return this.note({ kind: 'queue-left', key: `queue-left:${step}`, queue: 'people', outcome, waitedMs: 1_000 });
  }

  recordingStarted(recordingSid: string): this {
    return this.note({ kind: 'recording-started', key: `recording:${recordingSid}`, recordingSid, announced: true, channels: 'stereo' });
  }

  recordingReady(recordingSid: string): this {
    const url = `https://api.twilio.com/2010-04-01/Accounts/AC/Recordings/${recordingSid}`;
    return this.note({ kind: 'recording-ready', key: `recording-ready:${recordingSid}`, recordingSid, durationS: 30, url, channels: 'stereo' });
  }

  transferred(step: string): this {
    return this.note({ kind: 'transferred', key: `transferred:${step}`, to: 'endpoint', target: '202', requestedBy: 'caller' });
  }

  hangup(by: RailFactOf<'hangup'>['by'], cause?: number): this {
    return this.note({ kind: 'hangup', key: 'hangup', by, ...(cause !== undefined && { cause }) });
  }

  status(status: RailFactOf<'status'>['status'], more: Partial<Pick<RailFactOf<'status'>, 'durationS' | 'sipCode' | 'from' | 'to' | 'recovered'>> = {}): this {
    return this.note({ kind: 'status', key: `status:${status}`, status, sequenceNumber: this.facts.length, ...more });
  }

  cost(priceMicros: number): this {
    return this.note({ kind: 'cost', key: `cost:${this.callSid}`, sid: this.callSid, priceMicros, currency: 'USD' });
  }

  private note(fact: object): this {
    const at = new Date(this.beginsAt + this.facts.length * 1_000).toISOString();
    this.facts.push(railFactSchema.parse({ callSid: this.callSid, environment: this.environment, tenant: this.tenant, at, ...fact }));
    return this;
  }
}

/** Everything that a call can have. */
export function busyRailCall(name = 'call', tenant = 'demo'): RailCallBench {
  return new RailCallBench(name, tenant)
    .started()
    .answered()
    .digit('1', 'a:0')
    .digit('2', 'b:0', true)
    .queued('c')
    .queueLeft('c', 'timeout')
    .ringing(`${name} 1`, '201')
    .leg(`${name} 1`, 'no-answer', { sipCode: 480, callStatus: 'in-progress' })
    .ringing(`${name} 2`, '202')
    .person(`${name} 2`, '202')
    .recordingStarted('RE1')
    .transferred('d')
    .leg(`${name} 2`, 'completed', { durationS: 30 })
    .status('completed', { durationS: 60 })
    .recordingReady('RE1')
    .cost(12_500);
}

/** In an order of chance. */
export function shuffled<T>(things: readonly T[]): T[] {
  return things.map((thing) => ({ thing, place: Math.random() })).toSorted((one, two) => one.place - two.place).map(({ thing }) => thing);
}
