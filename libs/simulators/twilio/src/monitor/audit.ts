import type { Attributes, RowChange } from '../wire/rows.js';
import { newSid } from '../wire/sid.js';

/** Who does something: an account by the API, a person at the console, or Twilio's own people. */
export interface Actor {
  readonly sid: string;
  readonly type: 'account' | 'user' | 'twilio-admin';
  readonly source: 'api' | 'web';
  readonly ip: string;
}

/** A line of an account's audit log (monitor.twilio.com, Events), as Twilio names types: `sip-domain.updated`. */
export interface MonitorEvent {
  readonly sid: string;
  readonly at: Date;
  readonly actor: Actor;
  readonly resourceType: string;
  readonly resourceSid: string;
  readonly eventType: string;
  readonly data: Attributes;
}

/** What of an account a change is of. */
export interface Subject {
  readonly type: string;
  /** When what was changed is no thing of its own in Twilio's log but a part of another: a user is a part of its list, a mapping of its domain. */
  readonly partOf?: string;
}

const TWILIO: Actor = { sid: `US${'0'.repeat(32)}`, type: 'twilio-admin', source: 'web', ip: '192.0.2.1' };
const SECRET = new Set(['password']);

/** Who is acting now. What is done in the meantime is done by them: requests are performed one after the other. */
export class Audit {
  private actor = TWILIO;

  /** Everything that `act` changes was this actor. */
  as<T>(actor: Actor, act: () => T): T {
    const before = this.actor;
    this.actor = actor;
    try {
      return act();
    } finally {
      this.actor = before;
    }
  }

  /** The line for something done now. @param eventType `account-auth-token.promoted` */
  line(eventType: string, resourceSid: string, data: Attributes = {}): MonitorEvent {
    return { sid: newSid('AE'), at: new Date(), actor: this.actor, resourceType: eventType.slice(0, eventType.lastIndexOf('.')), resourceSid, eventType, data };
  }

  /** The line for a change of a thing, or none when it changed nothing. */
  lineOf({ type, partOf }: Subject, change: RowChange): MonitorEvent | undefined {
    if (partOf !== undefined) return this.line(`${type}.updated`, partOf, partData(change));
    const data = change.what === 'updated' ? differences(change.before ?? {}, change.row.attributes) : told(change.row.attributes);
    return change.what === 'updated' && Object.keys(data).length === 0 ? undefined : this.line(`${type}.${change.what}`, change.row.sid, data);
  }
}

const told = (attributes: Attributes): Attributes => Object.fromEntries(Object.entries(attributes).filter(([name]) => !SECRET.has(name)));

/** As Twilio tells a change: each property with what it was and what it is. */
function differences(before: Attributes, after: Attributes): Attributes {
  const changed = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, SECRET.has(name) ? { previous: '[secret]', updated: '[secret]' } : { previous: before[name] ?? null, updated: after[name] ?? null }]));
}

function partData({ what, row, before }: RowChange): Attributes {
  const now = { sid: row.sid, ...told(row.attributes) };
  return { [row.sid.slice(0, 2)]: { previous: what === 'created' ? null : { ...now, ...told(before ?? {}) }, updated: what === 'deleted' ? null : now } };
}
