import { envelopeSchema, type Envelope, type EventDefinition, type EventOf, type ServiceName } from '@troncal/contracts';
import { isCallId, newId, systemClock, type Clock } from '@troncal/kernel';
import { childOf, currentContext, formatTraceparent, newTrace, traceForCall, type Span, type SpanMaker, type Trace } from '@troncal/observability';
import type { Prepared, Tx } from '../postgres/tx.js';

/** The header that names, per event type, the latest earlier sequence of the aggregate: `{"CallStarted.v1":1}`. */
export const PRIOR_HEADER = 'Troncal-Prior';

/** One fact, as a publisher states it. */
export interface Fact<Data> {
  /** Tenant code, or `_`. */
  readonly tenant: string;
  /** Id of the aggregate (call id, tenant code, …): becomes `subject`, and `sequence` counts within it. */
  readonly subject: string;
  readonly data: Data;
  /** Call, ticket, run or attempt; the running work's when absent, else the subject. */
  readonly correlationId?: string;
  /** The event or command that caused this; the running work's when absent. */
  readonly causationId?: string;
  /** When it happened; now when absent. */
  readonly time?: Date;
}

export interface OutboxOptions {
  readonly clock?: Clock;
  /** Where the spans of facts go; absent while tracing is off. */
  readonly spans?: SpanMaker | undefined;
}

const INSERT: Prepared = {
  name: 'outbox.insert',
  text: 'INSERT INTO outbox (event_id, aggregate_key, sequence, subject, envelope, headers) VALUES ($1, $2, $3, $4, $5, $6)',
};
const NEXT_SEQUENCE: Prepared = {
  name: 'outbox.next-sequence',
  text: `INSERT INTO outbox_sequence AS s (aggregate_key, sequence, latest)
     VALUES ($1, 1, jsonb_build_object($2::text, jsonb_build_array(1, NULL)))
     ON CONFLICT (aggregate_key) DO UPDATE SET
       sequence = s.sequence + 1,
       latest = s.latest || jsonb_build_object($2::text, jsonb_build_array(s.sequence + 1, s.latest -> $2::text -> 0))
     RETURNING sequence, latest`,
};

/**
 * States facts. A fact is a row written in the caller's transaction: it goes out if, and only if, that transaction commits.
 * The relay then publishes the facts of an aggregate in the order of their commits, at least once.
 */
export class Outbox {
  /**
   * @param service the producer; becomes `source`
   * @param wake called after a commit that stated facts, to have them sent at once
   */
  constructor(
    private readonly service: ServiceName,
    private readonly wake: () => void = () => {},
    private readonly options: OutboxOptions = {},
  ) {}

  /**
   * Writes one fact; returns it as it will go out. Holds a lock on the aggregate until the transaction ends, so state facts late
   * in it, and always in the same order when it states several. Throws ContractError when the data breaks the event's schema.
   */
  async emit<Data>(tx: Tx, definition: EventDefinition<Data>, fact: Fact<Data>): Promise<EventOf<Data>> {
    if (!definition.producers.includes(this.service)) {
      throw new Error(`${this.service} may not state ${definition.type}: its producers are ${definition.producers.join(', ')}. Add it in the definition if it should.`);
    }
    const data = definition.encode(fact.data);
    const key = aggregateKey(fact.tenant, definition.aggregate, fact.subject);
    const { sequence, prior } = await nextSequence(tx, key, definition.type);
    const envelope = this.envelope(definition.type, fact, sequence, data);
    const parent = traceOf(envelope);
    const span = this.options.spans && begin(this.options.spans, envelope, parent);
    await tx.run(INSERT, [
      envelope.id,
      key,
      sequence,
      definition.subjectFor(fact.tenant),
      JSON.stringify(envelope),
      JSON.stringify({ traceparent: formatTraceparent(span?.trace ?? childOf(parent)), [PRIOR_HEADER]: JSON.stringify(prior) }),
    ]);
    // A fact that is rolled back was never stated: its span is never told either.
    if (span) tx.onCommit(() => span.end());
    tx.onCommit(this.wake);
    return { ...envelope, data };
  }

  private envelope<Data>(type: string, fact: Fact<Data>, sequence: number, data: Data): Envelope {
    const context = currentContext();
    const causationId = fact.causationId ?? context?.causationId;
    return envelopeSchema.parse({
      specversion: '1.0',
      id: newId(),
      type,
      source: this.service,
      time: (fact.time ?? (this.options.clock ?? systemClock).date()).toISOString(),
      subject: fact.subject,
      sequence,
      tenantid: fact.tenant,
      correlationid: fact.correlationId ?? context?.correlationId ?? fact.subject,
      ...(causationId !== undefined && { causationid: causationId }),
      datacontenttype: 'application/json',
      data,
    } satisfies Envelope);
  }
}

/** A fact of a call belongs to the call's trace, whoever states it and from wherever it was kept meanwhile. */
function traceOf({ correlationid }: Envelope): Trace {
  const around = currentContext()?.trace;
  return isCallId(correlationid) ? traceForCall(correlationid, around) : (around ?? newTrace());
}

function begin(spans: SpanMaker, { id, type, tenantid, correlationid }: Envelope, parent: Trace): Span {
  const attributes = {
    'messaging.system': 'nats', 'messaging.operation.name': 'create', 'messaging.operation.type': 'create', 'messaging.destination.name': type, 'messaging.message.id': id, 'troncal.tenant': tenantid,
    ...(isCallId(correlationid) && { 'troncal.call.id': correlationid }),
  };
  return spans.open(`create ${type}`, { kind: 'producer', parent, attributes });
}

/** What identifies an aggregate within its producer; the consumer's inbox puts the producer before it. */
export function aggregateKey(tenant: string, aggregate: string, subject: string): string {
  return `${tenant}/${aggregate}/${subject}`;
}

interface SequenceRow {
  readonly sequence: number;
  /** Type to [its latest sequence, the one before]. */
  readonly latest: Readonly<Record<string, readonly [number, number | null]>>;
}

async function nextSequence(tx: Tx, key: string, type: string): Promise<{ readonly sequence: number; readonly prior: Record<string, number> }> {
  const [row] = await tx.query<SequenceRow>(NEXT_SEQUENCE, [key, type]);
  if (!row) throw new Error(`No sequence came back for ${key}.`);
  const prior: Record<string, number> = {};
  for (const [name, [latest, before]] of Object.entries(row.latest)) {
    const earlier = name === type ? before : latest;
    if (earlier !== null) prior[name] = earlier;
  }
  return { sequence: row.sequence, prior };
}
