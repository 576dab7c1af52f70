import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endsOnce, hearEachOther, TwoGateways } from '../support/two-gateways.js';

let both: TwoGateways;
let lab: TwoGateways['lab'];
beforeAll(async () => {
  both = await TwoGateways.open();
  ({ lab } = both);
}, 120_000);
afterAll(() => lab?.close());
beforeEach(() => both.start(), 60_000);
afterEach(() => lab.clear());

describe('the owner of an edge', () => {
  it('frozen and thawed finds itself overtaken: it sends nothing to Asterisk, states nothing, and stands by', async () => {
    const menu = await both.inMenu();
    const before = (await lab.owner())?.epoch ?? 0;
    both.owner.signal('SIGSTOP');
    await lab.owned('b');
    // By now the proxy has read what the owner had sent before.
    const sent = both.owner.asked.length;
    const talking = await both.talk(menu);
    const told = (await lab.events(lab.edgeId)).length;
    both.owner.signal('SIGCONT');
    await both.owner.ready();
    await eventually('it knows who owns the edge', async () => {
      const { edges } = (await both.owner.api.send<{ edges: { holder: string }[] }>('GET', '/api/edges')).body;
      return edges[0]?.holder === 'b';
    });
    await hearEachOther(talking);
    expect(both.owner.commandsSince(sent)).toEqual([]);
    expect((await endsOnce(both, talking)).filter((type) => type === 'DtmfReceived')).toHaveLength(1);
    expect((await lab.events(lab.edgeId)).length).toBe(told);
    expect(await lab.owner()).toMatchObject({ holder: 'b', epoch: before + 1 });
  }, 120_000);
});

describe('a silent partition between the owner and', () => {
  it('Asterisk: who can reach it takes over by consent; EdgeLost is said once', async () => {
    const talking = await both.talk();
    const lost = (await lab.events(lab.edgeId)).filter((type) => type === 'EdgeLost').length;
    both.owner.ways.ari.silence();
    both.owner.ways.ami.silence();
    await lab.owned('b');
    await hearEachOther(talking);
    await endsOnce(both, talking);
    both.owner.ways.ari.speak();
    both.owner.ways.ami.speak();
    await both.owner.ready();
    await endsOnce(both, await both.talk());
    expect((await lab.events(lab.edgeId)).filter((type) => type === 'EdgeLost')).toHaveLength(lost + 1);
    expect(await lab.db.query(`SELECT envelope::jsonb #>> '{data,reason}' AS reason FROM outbox WHERE envelope LIKE '%EdgeLost%' ORDER BY id DESC LIMIT 1`)).toEqual([{ reason: 'silent' }]);
    expect(await lab.owner()).toMatchObject({ holder: 'b' });
  }, 120_000);

  it('PostgreSQL: it stays the owner, and what it wrote down is stored when the way is back', async () => {
    const menu = await both.inMenu();
    both.owner.ways.postgres.silence();
    const talking = await both.talk(menu);
    await talking.caller.hangup();
    await talking.person.ended();
    expect(await lab.owner()).toMatchObject({ holder: 'a' });
    both.owner.ways.postgres.speak();
    await eventually('the end is stored', async () => (await lab.events(talking.callId)).includes('CallEnded'), 30_000);
    expect((await lab.events(talking.callId)).filter((type) => type === 'CallEnded')).toHaveLength(1);
  }, 120_000);

  it('PostgreSQL and NATS at once: it is overtaken, and what it wrote down late is refused', async () => {
    const menu = await both.inMenu();
    both.owner.ways.postgres.silence();
    both.owner.ways.nats.silence();
    await lab.owned('b');
    const talking = await both.talk(menu);
    both.owner.ways.postgres.speak();
    both.owner.ways.nats.speak();
    await both.owner.ready();
    await endsOnce(both, talking);
    expect(await lab.owner()).toMatchObject({ holder: 'b' });
  }, 120_000);

  it('Asterisk, heard but not answered (one way): who can do both takes over', async () => {
    const talking = await both.talk();
    both.owner.ways.ari.silence('down');
    await lab.owned('b');
    await hearEachOther(talking);
    await endsOnce(both, talking);
    both.owner.ways.ari.speak();
    await both.owner.ready();
    expect(await lab.owner()).toMatchObject({ holder: 'b' });
  }, 120_000);
});

describe('two edges of one gateway', () => {
  it('die apart: the calls of one do not notice the death of the other, which is told once and ends its own calls once', async () => {
    const second = await lab.secondEdge('edge-two', both.owner);
    try {
      const talking = await both.talk();
      const [caller, person] = [await lab.phone('203', second), await lab.phone('204', second)];
      const ringing = person.nextCall({ timeoutMs: 20_000 });
      const there = await caller.call('204');
      const answering = await ringing;
      await answering.answer();
      await hearEachOther({ caller: there, person: answering });
      const callId = await lab.liveCall();
      expect(callId).not.toBe(talking.callId);
      expect(await both.owner.api.send('DELETE', '/api/edges/edge-two')).toMatchObject({ status: 409, body: { code: 'edge_in_use' } });

      await second.kill();
      await hearEachOther(talking);
      await eventually('its loss is told', async () => (await lab.events('edge-two')).includes('EdgeLost'), 15_000);
      // No other replica would fare better: it goes on serving the other edge, and HTTP.
      const lacking = await eventually('its holder is degraded', async () => {
        const health = await Promise.all([both.owner, both.standby].map((gateway) => gateway.api.send<{ checks: { name: string; state: string; reason?: string }[] }>('GET', '/health/ready')));
        expect(health.map(({ status }) => status)).toEqual([200, 200]);
        return health.flatMap(({ body }) => body.checks).find(({ state }) => state === 'degraded');
      });
      expect(lacking).toMatchObject({ name: 'declared-edges', reason: expect.stringContaining("Asterisk of edge edge-two can't be reached") as string });
      await second.restart();
      await eventually('its call has ended', async () => (await lab.events(callId)).includes('CallEnded'), 20_000);
      await hearEachOther(talking);
      expect((await lab.events(callId)).filter((type) => type === 'CallEnded')).toHaveLength(1);
      expect(await lab.events('edge-two')).toEqual(['EdgeConnected', 'EdgeLost', 'EdgeConnected']);
      await endsOnce(both, talking);
      expect((await both.owner.api.send('DELETE', '/api/edges/edge-two')).status).toBe(204);
      await eventually('its loss is told', async () => (await lab.events('edge-two')).length === 4);
      expect((await lab.events('edge-two')).at(-1)).toBe('EdgeLost');
      expect((await both.standby.api.expect<{ edges: { edgeId: string }[] }>('GET', '/api/edges')).edges.map(({ edgeId }) => edgeId)).not.toContain('edge-two');
    } finally {
      await second.stop();
    }
  }, 120_000);
});
