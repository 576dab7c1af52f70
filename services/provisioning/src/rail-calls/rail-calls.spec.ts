import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallEndedV1, DtmfReceivedV1 } from '@troncal/contracts';
import type { RunningService } from '@troncal/chassis';
import { eventually, startPostgres, startUnderTest, type PostgresServer, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyRailCall, RailCallBench, shuffled } from '../../test/support/rail-call-bench.js';
import { startService } from '../index.js';
import { callIdOf } from '../voice/call-id.js';
import type { CallFacts, RailFact } from './call-facts.js';
import { RailFactWriter } from './rail-fact-writer.js';

const BUSY = [
  'CallStarted', 'CallAnswered', 'DtmfReceived', 'DtmfReceived', 'CallQueued', 'QueueLeft', 'CallRinging', 'CallRinging', 'AgentConnected', 'RecordingStarted', 'CallTransferred', 'RecordingReady',
  'CallEnded',
];

describe('calls on Twilio’s rail', () => {
  let postgres: PostgresServer;
  let running: RunningService;
  let under: ServiceUnderTest;
  const folder = mkdtempSync(join(tmpdir(), 'troncal-rail-'));

  beforeAll(async () => {
    postgres = await startPostgres();
    const database = await postgres.createDatabase('provisioning');
    under = await startUnderTest('provisioning', async (env) => (running = await startService(env)), {
      env: { JOURNAL_DIR: folder, DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl },
      files: { CREDENTIALS_KEY_FILE: randomBytes(32).toString('hex') },
    });
  });
  afterAll(async () => {
    await under?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const note = (facts: readonly RailFact[]): void => facts.forEach((fact) => (running.get(RailFactWriter) satisfies CallFacts).note(fact));
  const named = (bench: RailCallBench): string[] => {
    const mine = under.events.filter(({ envelope }) => envelope.subject === callIdOf(bench.callSid)).map(({ envelope }) => envelope);
    expect(mine.map(({ sequence }) => sequence)).toEqual(mine.map((_, index) => index + 1));
    return mine.map(({ type }) => type.replace('.v1', ''));
  };
  const ended = async (bench: RailCallBench): Promise<string[]> => {
    await eventually('the call has ended', () => named(bench).includes('CallEnded') && named(bench).includes('RecordingReady'), 40_000);
    return named(bench);
  };

  it('are told as they happen, with what the rail knows', async () => {
    const bench = new RailCallBench('live').started().answered().digit('1', 'a:0');
    note(bench.facts);
    const digit = await under.seen(DtmfReceivedV1, ({ data }) => data.callId === callIdOf(bench.callSid));
    expect(digit).toMatchObject({ source: 'provisioning', tenantid: 'demo', correlationid: callIdOf(bench.callSid), sequence: 3, time: bench.facts[2]?.at, data: { digit: '1', masked: false } });
    expect(under.events.find(({ envelope }) => envelope.subject === callIdOf(bench.callSid))?.envelope).toMatchObject({
      type: 'CallStarted.v1', data: { direction: 'inbound', from: '+56225550101', to: '+56229145248', rail: 'twilio', edgeId: 'twilio', route: { code: 'main', revision: 3 } },
    });
    expect(named(bench)).toEqual(['CallStarted', 'CallAnswered', 'DtmfReceived']);
  });

  it('are told once each, in order, however shuffled and repeated their callbacks come', async () => {
    const benches = Array.from({ length: 12 }, (_, index) => busyRailCall(`shuffled ${index}`));
    // All of all calls among each other, each twice.
    note(shuffled([...benches, ...benches].flatMap((bench) => bench.facts)));
    for (const bench of benches) {
      const names = await ended(bench);
      expect(names.toSorted()).toEqual(BUSY.toSorted());
      expect(names[0]).toBe('CallStarted');
      expect(names.filter((name) => name !== 'RecordingReady').at(-1)).toBe('CallEnded');
    }
    // And once more, when all is over.
    note(shuffled(benches.flatMap((bench) => bench.facts)));
    await eventually('all are stored', () => running.get(RailFactWriter).depth === 0);
    const probe = new RailCallBench('probe').started().status('canceled');
    note(probe.facts);
    await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(probe.callSid));
    for (const bench of benches) expect(named(bench)).toHaveLength(BUSY.length);
  });

  it('go on while PostgreSQL is away: nothing is lost, also by a restart meanwhile, and all is told afterwards', async () => {
    const [bench, other] = [busyRailCall('outage'), busyRailCall('outage and restart')];
    note(bench.facts.slice(0, 5));
    await eventually('the call is told of', () => named(bench).length === 5);
    await postgres.kill();
    note(bench.facts.slice(5, 9));
    note(other.facts);
    const writer = running.get(RailFactWriter);
    await eventually('what came is on the disk', () => writer.depth > 0);
    note(bench.facts.slice(9));
    await running.close();
    const back = under.restart();
    await eventually('a new process has the journal', () => running.get(RailFactWriter) !== writer && running.get(RailFactWriter).depth > 0);
    await postgres.restart();
    await back;
    for (const each of [bench, other]) expect((await ended(each)).toSorted()).toEqual(BUSY.toSorted());
    await eventually('the journal is empty', () => running.get(RailFactWriter).depth === 0);
  });

  it('take no fact that breaks its schema, and the call goes on without it', async () => {
    const bench = new RailCallBench('broken').started().answered();
    note([...bench.facts, { ...bench.facts[1], key: 'x', answeredBy: 'x'.repeat(100) } as RailFact]);
    bench.status('completed');
    note(bench.facts);
    await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(bench.callSid));
    expect(named(bench)).toEqual(['CallStarted', 'CallAnswered', 'CallEnded']);
  });
});
