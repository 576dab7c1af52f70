import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { apiKeysFile, eventually, programEnv, specProgram, startNats, startPostgres, type NatsServer, type PostgresServer, type TestDatabase } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyRailCall, shuffled, type RailCallBench } from './rail-call-bench.js';
import { callIdOf } from '../../src/voice/call-id.js';
import type { RailFact } from '../../src/rail-calls/call-facts.js';

/** Specs that kill the service at each of these points, one life after the other on the same calls, and see all of them told once. */
export function railCrashesAt(points: readonly string[]): void {
  describe('a process killed at every step', () => {
    let nats: NatsServer;
    let postgres: PostgresServer;
    let database: TestDatabase;
    let tail: Tail;
    const seen: SeenEvent[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'troncal-rail-crash-'));

    beforeAll(async () => {
      [nats, postgres] = await Promise.all([startNats(), startPostgres()]);
      database = await postgres.createDatabase('provisioning');
    });
    afterAll(async () => {
      await tail?.stop();
      await nats?.stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /**
     * One life: notes all but the ends of the calls, shuffled and twice; once those are stored, the ends too. Killed at the label, or alive until `done`.
     * What was not stored is noted again by the next, as Twilio's other callbacks and other replicas do.
     */
    async function live(benches: readonly RailCallBench[], crashAt: string, done?: () => Promise<unknown>): Promise<void> {
      const child = fork(specProgram('rail-crash-child'), {
        execArgv: [], stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
        env: {
          ...programEnv(), CRASH_AT: crashAt, HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', API_KEYS_FILE: apiKeysFile(folder, new Map([['*', 'key']])), LOG_LEVEL: 'silent', PROCESS_METRICS: 'false',
          DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl, NATS_URL: nats.url, NATS_USER: 'provisioning', NATS_PASSWORD: 'provisioning', CREDENTIALS_KEY: '5e'.repeat(32), JOURNAL_DIR: folder,
        },
      });
      const ended = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      const facts = benches.flatMap((bench) => bench.facts);
      const isEnd = ({ kind }: RailFact): boolean => kind === 'status';
      const steps = [facts.filter((fact) => !isEnd(fact)), facts.filter(isEnd)];
      child.on('message', () => {
        const next = steps.shift();
        if (next) child.send({ facts: shuffled([...next, ...next]) });
      });
      if (done) {
        await done();
        child.kill('SIGKILL');
      }
      expect(await ended).toBe('SIGKILL');
    }

    it('loses nothing and says nothing twice', { timeout: 400_000 }, async () => {
      const benches: RailCallBench[] = [];
      for (const label of points) {
        benches.push(busyRailCall(`${label} a`), busyRailCall(`${label} b`));
        await live(benches.slice(-6), label);
      }
      tail = await tailEvents(nats.observer, (event) => seen.push(event), { since: new Date(0) });
      const of = (bench: RailCallBench): SeenEvent[] => seen.filter(({ envelope }) => envelope.subject === callIdOf(bench.callSid));
      await live(benches, '', () => eventually('every call has ended', () => benches.every((bench) => of(bench).length >= 13), 120_000));
      for (const bench of benches) {
        const events = of(bench).map(({ envelope }) => envelope);
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
        expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
        expect(events[0]?.type).toBe('CallStarted.v1');
        expect(events.filter(({ type }) => type === 'CallEnded.v1')).toHaveLength(1);
        expect(events).toHaveLength(13);
      }
    });
  });
}
