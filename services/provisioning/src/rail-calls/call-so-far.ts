import type { RailFact, RailFactKind, RailFactOf } from './call-facts.js';
import { isFinal } from './rail-causes.js';

/** A fact as it is kept. */
export interface NotedFact {
  readonly fact: RailFact;
  /** When it was stored, ms by the database's clock: replicas need not agree about the time. */
  readonly notedAt: number;
}

type NotedOf<K extends RailFactKind> = { readonly fact: RailFactOf<K>; readonly notedAt: number; readonly at: number };

/** A leg that we dialled, as all that was told of it leaves it. */
export interface RailLeg {
  readonly legSid: string;
  readonly connected: boolean;
  /** The most telling of its final words, if any. */
  readonly end: NotedOf<'leg-status'> | undefined;
}

/** At one time, what had to come first. */
const RANK: readonly RailFactKind[] = [
  'started', 'refused', 'queued', 'ringing', 'answered', 'digit', 'agent', 'queue-left', 'person-connected', 'transferred', 'recording-started', 'leg-status', 'hangup', 'status', 'recording-ready', 'quality', 'cost',
];

/** Known only after the end, and no part of what happened in the call. */
const RECKONED: ReadonlySet<RailFactKind> = new Set(['quality', 'cost']);
/** May come after the end. */
const AFTERWARDS: ReadonlySet<RailFactKind> = new Set([...RECKONED, 'recording-ready']);

/** All that is known of a call, in the order in which it happened, each thing once: the same whatever order it became known in. */
export class CallSoFar {
  private readonly noted: readonly NotedOf<RailFactKind>[];

  constructor(facts: readonly NotedFact[]) {
    const once = new Map<string, NotedFact>();
    for (const each of facts) if (!once.has(each.fact.key)) once.set(each.fact.key, each);
    this.noted = [...once.values()]
      .map(({ fact, notedAt }) => ({ fact, notedAt, at: Date.parse(fact.at) }))
      .toSorted((one, two) => one.at - two.at || RANK.indexOf(one.fact.kind) - RANK.indexOf(two.fact.kind) || (one.fact.key < two.fact.key ? -1 : 1));
  }

  all<K extends RailFactKind>(...kinds: readonly K[]): NotedOf<K>[] {
    return this.noted.flatMap(({ fact, notedAt, at }) => (isOneOf(fact, kinds) ? [{ fact, notedAt, at }] : []));
  }

  first<K extends RailFactKind>(kind: K): NotedOf<K> | undefined {
    return this.all(kind)[0];
  }

  /** When the first thing happened, and when the first became known; undefined when all that is known is what Twilio reckoned afterwards. */
  get beginning(): { readonly at: number; readonly notedAt: number } | undefined {
    const told = this.noted.filter(({ fact }) => !RECKONED.has(fact.kind));
    const [first] = told;
    return first && { at: first.at, notedAt: Math.min(...told.map(({ notedAt }) => notedAt)) };
  }

  /** When the last became known of what may come before the end. */
  get heardAt(): number {
    return Math.max(...this.noted.filter(({ fact }) => !AFTERWARDS.has(fact.kind)).map(({ notedAt }) => notedAt));
  }

  /** How Twilio says that the call ended: what it told as it happened before what was found by asking. */
  get terminal(): NotedOf<'status'> | undefined {
    return this.all('status')
      .filter(({ fact }) => isFinal(fact.status))
      .toSorted((one, two) => Number(one.fact.recovered ?? false) - Number(two.fact.recovered ?? false) || (two.fact.sequenceNumber ?? -1) - (one.fact.sequenceNumber ?? -1))[0];
  }

  /** In the order in which they were first told of. */
  get legs(): RailLeg[] {
    const told = this.all('ringing', 'person-connected', 'leg-status');
    return [...new Set(told.map(({ fact }) => fact.legSid))].map((legSid) => {
      const statuses = this.all('leg-status').filter(({ fact }) => fact.legSid === legSid);
      const ends = statuses.filter(({ fact }) => isFinal(fact.status));
      return {
        legSid,
        connected: told.some(({ fact }) => fact.legSid === legSid && (fact.kind === 'person-connected' || (fact.kind === 'leg-status' && (fact.status === 'in-progress' || fact.status === 'completed')))),
        // A Dial's action says whether the caller was still there, and its status callback what SIP answered.
        end: ends.find(({ fact }) => fact.callStatus !== undefined) ?? ends.find(({ fact }) => fact.sipCode !== undefined) ?? ends[0],
      };
    });
  }

  /** SIP's answer for a leg, from whichever of its words has it. */
  sipCodeOf(legSid: string): number | undefined {
    return this.all('leg-status').find(({ fact }) => fact.legSid === legSid && fact.sipCode !== undefined)?.fact.sipCode;
  }

  /** Queues that the caller was put into and is not known to have left. */
  get openQueues(): NotedOf<'queued'>[] {
    const left = new Set(this.all('queue-left').map(({ fact }) => stepOf(fact.key)));
    return this.all('queued').filter(({ fact }) => !left.has(stepOf(fact.key)));
  }

  /** The queue in which the caller waits now. */
  get waitsIn(): NotedOf<'queued'> | undefined {
    return this.terminal ? undefined : this.openQueues.at(-1);
  }

  /** The extension of the person who talks with the caller now. */
  get talksWith(): string | undefined {
    if (this.terminal) return undefined;
    const over = new Set(this.legs.filter(({ end }) => end !== undefined).map(({ legSid }) => legSid));
    return this.all('person-connected').findLast(({ fact }) => !over.has(fact.legSid))?.fact.extension;
  }
}

function isOneOf<K extends RailFactKind>(fact: RailFact, kinds: readonly K[]): fact is RailFactOf<K> {
  return kinds.some((kind) => kind === fact.kind);
}

/** The step of the flow within a key: `queued:<step>` and `queue-left:<step>` belong together. */
export const stepOf = (key: string): string => key.slice(key.indexOf(':') + 1);
