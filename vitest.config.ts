import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const resolve = { conditions: ['@troncal/source'] };
const ssr = { resolve: { conditions: ['@troncal/source'] } };
// Vite reads these from a file's tsconfig.json, and those leave specs out: without it a Nest class in a spec doesn't parse.
const oxc = { decorator: { legacy: true, emitDecoratorMetadata: true } };

const PROGRAMS = 'libs/testing/src/programs-setup.ts';
const STACK = 'libs/testing/src/stack-setup.ts';
const NEVER = ['**/node_modules/**', '**/dist/**'];
/** The long forms of what `npm test` proves in a slice. */
const PROOFS = '{libs,services,deploy}/**/*.proof.spec.ts';

const project = (name: string, test: Omit<NonNullable<TestProjectInlineConfiguration['test']>, 'name'>): TestProjectInlineConfiguration => ({ resolve, ssr, oxc, test: { name, isolate: false, ...test } });

/** They run beside the unit specs, one after the other: no port of one may be taken by another between its choice and its use. */
const BESIDE_UNIT = { env: { TRONCAL_TEST_PORTS_FROM: '31800' }, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 };

/** Spec files that take the longest, mostly by waiting. */
const SLOWEST = [
  'services/realtime-voice/src/provider-failure',
  'libs/chassis/src/lifecycle/crash',
  'libs/messaging/src/lease/lease-contender',
  // Not among the first, while all servers of the run are being started beside it: it hears what eight callers hear.
  'services/realtime-voice/src/asterisk',
  'services/realtime-voice/src/session-change',
  'services/realtime-voice/src/call',
  'services/realtime-voice/src/twilio',
  'services/ari-gateway/src/calls/control/call-control',
  'services/ari-gateway/src/recordings/recordings',
  'services/ari-gateway/src/edges/owner-crash',
  'services/realtime-voice/src/replicas',
  'services/realtime-voice/src/media-junk',
  'deploy/bench/src/voice-soak',
  'services/ari-gateway/src/calls/control/walks',
];

/** The slowest files first: one of them begun last would run alone after all others have ended. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => SLOWEST.findIndex((name) => moduleId.endsWith(`/${name}.spec.ts`)) + 1 || SLOWEST.length + 1;
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

/**
 * Sizes of test. `unit`: specs beside the code, each of which starts what it needs (a database, a NATS server) by itself.
 * `stack`: specs in `test/` folders against one running Troncal, started once by the global set-up and shared by all suites.
 * `own`: specs in `test/own/` folders, each of which starts a whole Troncal, or several services of one, by itself.
 * `proofs`: `npm run proofs`, what takes too long for `npm test`.
 * Libraries run from source; `isolate: false` makes the run several times shorter, so no suite mocks a module and every suite closes what it opened.
 */
export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: SlowestFirst },
    projects: [
      project('unit', {
        globalSetup: [PROGRAMS],
        include: ['{libs,services,deploy,asterisk,tools}/**/*.spec.ts'],
        exclude: [...NEVER, PROOFS, '**/test/**'],
        // Most of a spec's time is waiting (for servers, deadlines, telephones); the other projects run beside these two.
        maxWorkers: 2,
        testTimeout: 30_000,
        hookTimeout: 60_000,
      }),
      project('stack', {
        ...BESIDE_UNIT,
        globalSetup: [PROGRAMS, STACK],
        include: ['{libs,services,deploy,asterisk}/**/test/**/*.spec.ts'],
        exclude: [...NEVER, '**/test/own/**', 'deploy/images/**'],
      }),
      project('own', { ...BESIDE_UNIT, globalSetup: [PROGRAMS], include: ['{libs,services,deploy,asterisk}/**/test/own/**/*.spec.ts'], exclude: [...NEVER, PROOFS] }),
      project('proofs', { ...BESIDE_UNIT, globalSetup: [PROGRAMS], include: [PROOFS], exclude: NEVER }),
      // Both need a Docker engine and are run by `npm run test:compose` alone: against the project it brought up, and with containers of their own.
      ...(['compose', 'containers'] as const).map((name) =>
        project(name, { include: [`deploy/images/test/${name}/*.spec.ts`], globalSetup: name === 'compose' ? [STACK] : [], fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 }),
      ),
    ],
  },
});
