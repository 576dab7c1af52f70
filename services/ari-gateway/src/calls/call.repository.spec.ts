import { newCallId, newId, newLegId } from '@troncal/kernel';
import { eventually, sharedPostgres } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT_NODES, CallBench } from '../../test/support/call-bench.js';
import { openGatewayDatabase, type GatewayDatabase } from '../../test/support/gateway-database.js';
import { PgEdgeRepository } from '../edges/edge.repository.pg.js';
import type { EdgeOwners } from '../edges/edge-owners.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import type { Call } from './call.js';
import { CallDesk } from './call-desk.js';
import type { CallRegistry } from './call-registry.js';
import type { CallStep } from './call-step.js';

/** The calls of a gateway that has none. */
const NOBODY = { live: () => [], find: () => undefined } as unknown as CallRegistry;
let database: GatewayDatabase;
beforeAll(async () => {
  database = await openGatewayDatabase(await sharedPostgres());
});
afterAll(() => database.db.close());

/** The steps of a whole call, as its actor would store them. */
function storyOf(tenant = 'demo'): CallStep[] {
  const bench = new CallBench(AGENT_NODES, { recording: { enabled: true } }, { tenant });
  const ids = { callId: newCallId(), legId: newLegId() };
  const steps: CallStep[] = [];
  let version = 0;
  const step = (message: Parameters<CallBench['take']>[0]): void => {
    bench.take(message);
    version += 1;
    const text = JSON.stringify({ call: { ...bench.call, version }, facts: bench.last.facts, at: bench.now, epoch: 0 });
    // The bench's ids are short names; events want UUIDs and ULIDs.
    const legs = new Map<string, string>();
    steps.push(JSON.parse(text.replaceAll(/"leg-\d+"/g, (name) => JSON.stringify(legs.get(name) ?? (legs.set(name, newLegId()), legs.get(name)))).replaceAll(bench.call.callId, ids.callId)) as CallStep);
  };
  step({ kind: 'begin' });
  step({ kind: 'digit', channelId: 'caller', digit: '0' });
  bench.now += 1_000;
  step({ kind: 'leg_gone', channelId: 'caller', cause: 16 });
  return steps;
}

const callIdOf = (steps: readonly CallStep[]): string => steps[0]?.call.callId ?? '';
const types = async (callId: string): Promise<string[]> => (await database.calls.timeline(callId)).map((entry) => entry.type.replace('.v1', ''));
const outboxOf = (callId: string) => database.db.query<{ envelope: string; sequence: number }>(`SELECT envelope, sequence FROM outbox WHERE aggregate_key LIKE '%/' || $1 ORDER BY id`, [callId]);

describe('steps in PostgreSQL', () => {
  it('are stored with their facts in outbox and timeline, once, however often they come', async () => {
    const steps = storyOf();
    for (const step of [...steps, ...steps, steps[1]]) if (step) await database.calls.store(step);
    const callId = callIdOf(steps);
    expect(await types(callId)).toEqual(['CallStarted', 'CallAnswered', 'RecordingStarted', 'DtmfReceived', 'CallTransferred', 'CallQueued', 'QueueLeft', 'CallEnded']);
    const outbox = await outboxOf(callId);
    expect(outbox.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await database.calls.find(callId)).toMatchObject({ state: 'ended', version: 3 });
  });

  it('keep the time at which they happened, also when they come late', async () => {
    const steps = storyOf();
    for (const step of steps) await database.calls.store(step);
    const [first] = await database.calls.timeline(callIdOf(steps));
    expect(first?.time.getTime()).toBe(steps[0]?.at);
  });

  it('can end a call only once, whatever the code does', async () => {
    const steps = storyOf();
    for (const step of steps) await database.calls.store(step);
    const last = steps.at(-1);
    const forged = last && { ...last, call: { ...last.call, version: 99 } };
    await expect(forged ? database.calls.store(forged) : undefined).rejects.toThrow(/call_ended_once/);
    expect((await types(callIdOf(steps))).filter((type) => type === 'CallEnded')).toHaveLength(1);
  });

  it('leave nothing behind when one of their facts breaks its contract', async () => {
    const [first] = storyOf();
    const broken = { ...first, facts: [...(first?.facts ?? []), { name: 'CallRinging', data: { legId: 'no uuid', target: '201' } }] } as CallStep;
    await expect(database.calls.store(broken)).rejects.toThrow(/legId/);
    expect(await database.calls.find(broken.call.callId)).toBeUndefined();
  });

  it('of an older version know of no absence of their agent', async () => {
    const [step] = storyOf();
    if (!step) throw new Error('the story is empty');
    await database.calls.store(step);
    await database.db.run(`UPDATE calls SET document = (document - 'snoops') #- '{agentPart,lossesAt}' #- '{agentPart,awaySince}' WHERE call_id = $1`, [step.call.callId]);
    expect(await database.calls.find(step.call.callId)).toMatchObject({ snoops: [], agentPart: { agent: step.call.agentPart?.agent, lossesAt: [], awaySince: 0 } });
  });

  it('list who is parked, for gateways that have not got the call', async () => {
    const [first] = storyOf();
    if (!first) throw new Error('a story has steps');
    const parked = { slot: '70', since: first.at, until: first.at + 120_000, returnTo: null, claimed: null };
    const step: CallStep = { ...first, call: { ...first.call, parked } };
    const desk = new CallDesk(NOBODY, database.calls, {} as EdgeSessions, {} as EdgeOwners);
    const slots = async (tenant?: string): Promise<unknown[]> => (await desk.parked(tenant)).filter((call) => call.callId === step.call.callId).map((call) => call.parked?.slot);
    await database.calls.store(step);
    expect([await slots(), await slots('demo'), await slots('other')]).toEqual([['70'], ['70'], []]);
    await database.calls.store({ ...step, facts: [], call: { ...step.call, version: 2, parked: null } });
    expect(await slots()).toEqual([]);
  });

  it('list live calls of an edge for whoever takes it over', async () => {
    const steps = storyOf();
    const [first] = steps;
    if (first) await database.calls.store(first);
    const mine = async (): Promise<Call | undefined> => (await database.calls.live('edge-1')).find((call) => call.callId === callIdOf(steps));
    expect(await mine()).toEqual(first?.call);
    for (const step of steps) await database.calls.store(step);
    expect(await mine()).toBeUndefined();
  });
});

describe('the list', () => {
  it('pages through a tenant’s calls, newest first, each once', async () => {
    const tenant = `t${newId().slice(-8).toLowerCase()}`;
    const stored: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const [first] = storyOf(tenant);
      if (!first) continue;
      // Two of the same millisecond: the id decides then.
      await database.calls.store({ ...first, call: { ...first.call, startedAt: 1_000_000 + Math.floor(index / 2) } });
      stored.push(first.call.callId);
    }
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await database.calls.list({ tenant, limit: 2, after });
      seen.push(...page.calls.map((call) => call.callId));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(seen.toSorted()).toEqual(stored.toSorted());
    expect(await database.calls.list({ tenant, live: false, limit: 10 })).toEqual({ calls: [] });
  });

  it('refuses a cursor that is none', async () => {
    await expect(database.calls.list({ limit: 2, after: "x' OR 1=1" })).rejects.toMatchObject({ code: 'bad_cursor', status: 400 });
  });
});

describe('an owner of an edge that has been overtaken', () => {
  const HOLDER = { name: 'a', url: 'http://a' };
  const owned = (steps: readonly CallStep[], edgeId: string, epoch: number): CallStep[] => steps.map((step) => ({ ...step, epoch, call: { ...step.call, edgeId } }));

  it('is refused by the database, whatever version its step has; the new owner goes on', async () => {
    const edges = new PgEdgeRepository(database.db);
    expect(await edges.own({ edgeId: 'fenced', epoch: 3 }, HOLDER)).toBe('declared');
    const [begun, handed, ended] = owned(storyOf(), 'fenced', 3);
    if (!begun || !handed || !ended) throw new Error('the story has three steps');
    await database.calls.store(begun);
    expect(await edges.own({ edgeId: 'fenced', epoch: 4 }, HOLDER)).toBe('declared');
    expect(await edges.own({ edgeId: 'fenced', epoch: 4 }, HOLDER)).toBeUndefined();
    await expect(database.calls.store(handed)).rejects.toMatchObject({ code: 'edge_overtaken' });
    await expect(database.calls.store(ended)).rejects.toMatchObject({ code: 'edge_overtaken' });
    await expect(database.calls.store(owned(storyOf(), 'fenced', 3)[0] ?? begun)).rejects.toMatchObject({ code: 'edge_overtaken' });
    expect(await types(begun.call.callId)).toEqual(['CallStarted', 'CallAnswered', 'RecordingStarted']);
    await database.calls.store({ ...ended, epoch: 4 });
    expect(await database.calls.find(begun.call.callId)).toMatchObject({ state: 'ended' });
    expect(await edges.epoch('fenced')).toBe(4);
  });

  it('is waited for: a step under way is stored before the new owner begins, never after', async () => {
    const edges = new PgEdgeRepository(database.db);
    await edges.own({ edgeId: 'slow', epoch: 1 }, HOLDER);
    const order: string[] = [];
    let goOn: () => void = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let asked: () => void = () => {};
    const inside = new Promise<void>((resolve) => (asked = resolve));
    const old = database.db.transaction(async (tx) => {
      expect(await edges.owns(tx, { edgeId: 'slow', epoch: 1 })).toBe(true);
      asked();
      await held;
    }).then(() => order.push('old'));
    await inside;
    const next = edges.own({ edgeId: 'slow', epoch: 2 }, HOLDER).then(() => order.push('new'));
    await eventually('the new owner waits', async () => (await database.db.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)).length > 0);
    goOn();
    await Promise.all([old, next]);
    expect(order).toEqual(['old', 'new']);
    await database.db.transaction(async (tx) => expect(await edges.owns(tx, { edgeId: 'slow', epoch: 1 })).toBe(false));
  });

  it('that stopped in the middle of a transaction holds nobody up: the server ends it', async () => {
    const edges = new PgEdgeRepository(database.db);
    await edges.own({ edgeId: 'frozen', epoch: 1 }, HOLDER);
    let thaw: () => void = () => {};
    const frozen = new Promise<void>((resolve) => (thaw = resolve));
    let asked: () => void = () => {};
    const inside = new Promise<void>((resolve) => (asked = resolve));
    const old = database.db.transaction(async (tx) => {
      await edges.owns(tx, { edgeId: 'frozen', epoch: 1 });
      asked();
      await frozen;
    }).catch((error: unknown) => error);
    await inside;
    expect(await edges.own({ edgeId: 'frozen', epoch: 2 }, HOLDER)).toBe('declared');
    thaw();
    expect(await old).toBeInstanceOf(Error);
  });
});
