import type { IncomingCall, OutgoingCall } from '@troncal/sip-phone';
import { eventually, ReplicaLab, serviceProgram, type GatewayReplica } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const CALLER_TONE = 650;
const PERSON_TONE = 1_050;

let lab: ReplicaLab;
let owner: GatewayReplica;
let standby: GatewayReplica;

beforeAll(async () => {
  lab = await ReplicaLab.open(serviceProgram('ari-gateway'));
}, 120_000);
afterAll(() => lab?.close());
beforeEach(async () => {
  owner = await lab.gateway('a');
  owner.start();
  await owner.ready();
  await lab.owned('a');
  standby = await lab.gateway('b');
  standby.start();
  await standby.ready();
}, 60_000);
afterEach(() => lab.clear());

interface Talk {
  readonly callId: string;
  readonly caller: OutgoingCall;
  readonly person: IncomingCall;
}

/** 201 in the menu, which waits for a digit. */
async function inMenu(): Promise<{ readonly callId: string; readonly caller: OutgoingCall; readonly answers: Promise<IncomingCall> }> {
  const [caller, person] = [await lab.phone('201'), await lab.phone('202')];
  const answers = person.nextCall({ timeoutMs: 40_000 });
  answers.catch(() => {});
  const call = await caller.call('150');
  await call.answered();
  return { callId: await lab.liveCall(), caller: call, answers };
}

/** 1 rings 202, who answers. */
async function talk({ callId, caller, answers }: Awaited<ReturnType<typeof inMenu>>): Promise<Talk> {
  await caller.sendDigits('1');
  const person = await answers;
  await person.answer();
  await hearEachOther({ caller, person });
  return { callId, caller, person };
}

async function hearEachOther({ caller, person }: Pick<Talk, 'caller' | 'person'>): Promise<void> {
  const played = [caller.playTone(CALLER_TONE, 2_500), person.playTone(PERSON_TONE, 2_500)];
  await Promise.all([caller.heard.waitForTone(PERSON_TONE, { timeoutMs: 8_000 }), person.heard.waitForTone(CALLER_TONE, { timeoutMs: 8_000 })]);
  await Promise.all(played);
}

/** Hung up, each call has begun once and ended once. */
async function endsOnce({ callId, caller }: Pick<Talk, 'callId' | 'caller'>): Promise<string[]> {
  await caller.hangup();
  await eventually('it has ended', async () => (await lab.events(callId)).includes('CallEnded'), 15_000);
  const events = await lab.events(callId);
  expect(events.filter((type) => type === 'CallStarted')).toHaveLength(1);
  expect(events.filter((type) => type === 'CallEnded')).toHaveLength(1);
  expect(events.at(-1)).toBe('CallEnded');
  return events;
}

describe('the owner of an edge', () => {
  it('killed with calls on it is followed by the standby; two who talk go on', async () => {
    const talking = await talk(await inMenu());
    const before = (await lab.owner())?.epoch ?? 0;
    await owner.kill();
    expect(await lab.owned('b')).toBe(before + 1);
    await hearEachOther(talking);
    await endsOnce(talking);
  }, 120_000);

  it('that ends in good order hands over at once, and the menu takes its digit under the new owner', async () => {
    const menu = await inMenu();
    const before = (await lab.owner())?.epoch ?? 0;
    await owner.end();
    expect(await lab.owned('b')).toBe(before + 1);
    await endsOnce(await talk(menu));
  }, 120_000);

  it('frozen and thawed finds itself overtaken: it sends nothing to Asterisk, states nothing, and stands by', async () => {
    const menu = await inMenu();
    const before = (await lab.owner())?.epoch ?? 0;
    owner.signal('SIGSTOP');
    await lab.owned('b');
    // By now the proxy has read what the owner had sent before.
    const sent = owner.asked.length;
    const talking = await talk(menu);
    const told = (await lab.events(lab.edgeId)).length;
    owner.signal('SIGCONT');
    await owner.ready();
    await eventually('it knows who owns the edge', async () => {
      const { edges } = (await owner.api.send<{ edges: { holder: string }[] }>('GET', '/api/edges')).body;
      return edges[0]?.holder === 'b';
    });
    await hearEachOther(talking);
    expect(owner.commandsSince(sent)).toEqual([]);
    expect((await endsOnce(talking)).filter((type) => type === 'DtmfReceived')).toHaveLength(1);
    expect((await lab.events(lab.edgeId)).length).toBe(told);
    expect(await lab.owner()).toMatchObject({ holder: 'b', epoch: before + 1 });
  }, 120_000);
});

describe('a silent partition between the owner and', () => {
  it('NATS: the standby takes over, the old owner is thrown out of Asterisk and stays out', async () => {
    const talking = await talk(await inMenu());
    owner.ways.nats.silence();
    const epoch = await lab.owned('b');
    await eventually('the old owner has stopped', async () => (await owner.api.send('GET', '/health/ready')).status === 503);
    const sent = owner.asked.length;
    await hearEachOther(talking);
    await endsOnce(talking);
    owner.ways.nats.speak();
    await owner.ready();
    await endsOnce(await talk(await inMenu()));
    expect(owner.commandsSince(sent)).toEqual([]);
    expect(await lab.owner()).toMatchObject({ holder: 'b', epoch });
  }, 120_000);

  it('Asterisk: who can reach it takes over by consent; EdgeLost is said once', async () => {
    const talking = await talk(await inMenu());
    const lost = (await lab.events(lab.edgeId)).filter((type) => type === 'EdgeLost').length;
    owner.ways.ari.silence();
    owner.ways.ami.silence();
    await lab.owned('b');
    await hearEachOther(talking);
    await endsOnce(talking);
    owner.ways.ari.speak();
    owner.ways.ami.speak();
    await owner.ready();
    await endsOnce(await talk(await inMenu()));
    expect((await lab.events(lab.edgeId)).filter((type) => type === 'EdgeLost')).toHaveLength(lost + 1);
    expect(await lab.db.query(`SELECT envelope::jsonb #>> '{data,reason}' AS reason FROM outbox WHERE envelope LIKE '%EdgeLost%' ORDER BY id DESC LIMIT 1`)).toEqual([{ reason: 'silent' }]);
    expect(await lab.owner()).toMatchObject({ holder: 'b' });
  }, 120_000);

  it('PostgreSQL: it stays the owner, and what it wrote down is stored when the way is back', async () => {
    const menu = await inMenu();
    owner.ways.postgres.silence();
    const talking = await talk(menu);
    await talking.caller.hangup();
    await talking.person.ended();
    expect(await lab.owner()).toMatchObject({ holder: 'a' });
    owner.ways.postgres.speak();
    await eventually('the end is stored', async () => (await lab.events(talking.callId)).includes('CallEnded'), 30_000);
    expect((await lab.events(talking.callId)).filter((type) => type === 'CallEnded')).toHaveLength(1);
  }, 120_000);

  it('PostgreSQL and NATS at once: it is overtaken, and what it wrote down late is refused', async () => {
    const menu = await inMenu();
    owner.ways.postgres.silence();
    owner.ways.nats.silence();
    await lab.owned('b');
    const talking = await talk(menu);
    owner.ways.postgres.speak();
    owner.ways.nats.speak();
    await owner.ready();
    await endsOnce(talking);
    expect(await lab.owner()).toMatchObject({ holder: 'b' });
  }, 120_000);

  it('Asterisk, heard but not answered (one way): who can do both takes over', async () => {
    const talking = await talk(await inMenu());
    owner.ways.ari.silence('down');
    await lab.owned('b');
    await hearEachOther(talking);
    await endsOnce(talking);
    owner.ways.ari.speak();
    await owner.ready();
    expect(await lab.owner()).toMatchObject({ holder: 'b' });
  }, 120_000);
});

describe('a request for a call that the other replica holds', () => {
  it('is passed on, once, whichever replica was asked', async () => {
    const menu = await inMenu();
    const again = await standby.api.send('POST', `/api/calls/${menu.callId}/hangup`, {}, { 'x-troncal-forwarded': '1' });
    expect(again).toMatchObject({ status: 503, body: { code: 'held_elsewhere', detail: expect.stringContaining('in the hands of a') as string } });
    const asked = await standby.api.send<{ state: string }>('POST', `/api/calls/${menu.callId}/hangup`, {});
    expect(asked.status).toBe(200);
    expect(asked.body).toMatchObject({ callId: menu.callId });
    await menu.caller.ended();
    expect((await standby.api.send('POST', `/api/calls/${menu.callId}/hangup`, {})).status).toBe(409);
  }, 60_000);
});

describe('a gateway that starts', () => {
  it('begins, though the database goes away under each thing that it reads first', async () => {
    const late = await lab.gateway('c');
    const [endpoints, trunks, edges] = await Promise.all(['endpoints', 'trunks', 'edge_declarations'].map((table) => lab.locked(table)));
    late.start();
    for (const table of [endpoints, trunks, edges]) {
      await table?.wanted();
      late.ways.postgres.cut();
      await table?.free();
    }
    await late.ready();
    expect(await lab.owner()).toMatchObject({ holder: 'a' });
  }, 60_000);
});

describe('two edges of one gateway', () => {
  it('die apart: the calls of one do not notice the death of the other, which is told once and ends its own calls once', async () => {
    const second = await lab.secondEdge('edge-two', owner);
    try {
      const talking = await talk(await inMenu());
      const [caller, person] = [await lab.phone('203', second), await lab.phone('204', second)];
      const ringing = person.nextCall({ timeoutMs: 20_000 });
      const there = await caller.call('204');
      const answering = await ringing;
      await answering.answer();
      await hearEachOther({ caller: there, person: answering });
      const callId = await lab.liveCall();
      expect(callId).not.toBe(talking.callId);
      expect(await owner.api.send('DELETE', '/api/edges/edge-two')).toMatchObject({ status: 409, body: { code: 'edge_in_use' } });

      await second.kill();
      await hearEachOther(talking);
      await eventually('its loss is told', async () => (await lab.events('edge-two')).includes('EdgeLost'), 15_000);
      // No other replica would fare better: it goes on serving the other edge, and HTTP.
      const lacking = await eventually('its holder is degraded', async () => {
        const health = await Promise.all([owner, standby].map((gateway) => gateway.api.send<{ checks: { name: string; state: string; reason?: string }[] }>('GET', '/health/ready')));
        expect(health.map(({ status }) => status)).toEqual([200, 200]);
        return health.flatMap(({ body }) => body.checks).find(({ state }) => state === 'degraded');
      });
      expect(lacking).toMatchObject({ name: 'declared-edges', reason: expect.stringContaining("Asterisk of edge edge-two can't be reached") as string });
      await second.restart();
      await eventually('its call has ended', async () => (await lab.events(callId)).includes('CallEnded'), 20_000);
      await hearEachOther(talking);
      expect((await lab.events(callId)).filter((type) => type === 'CallEnded')).toHaveLength(1);
      expect(await lab.events('edge-two')).toEqual(['EdgeConnected', 'EdgeLost', 'EdgeConnected']);
      await endsOnce(talking);
      expect((await owner.api.send('DELETE', '/api/edges/edge-two')).status).toBe(204);
      await eventually('its loss is told', async () => (await lab.events('edge-two')).length === 4);
      expect((await lab.events('edge-two')).at(-1)).toBe('EdgeLost');
      expect((await standby.api.expect<{ edges: { edgeId: string }[] }>('GET', '/api/edges')).edges.map(({ edgeId }) => edgeId)).not.toContain('edge-two');
    } finally {
      await second.stop();
    }
  }, 120_000);
});
