import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const resolve = { conditions: ['@troncal/source'] };
const ssr = { resolve: { conditions: ['@troncal/source'] } };
// Vite reads these from a file's tsconfig.json, and those leave specs out: without it a Nest class in a spec doesn't parse.
const oxc = { decorator: { legacy: true, emitDecoratorMetadata: true } };

/** Spec files that take the longest, mostly by waiting. */
const SLOWEST = [
  'services/realtime-voice/src/provider-failure',
  'services/realtime-voice/src/asterisk',
  'libs/chassis/src/lifecycle/crash',
  'libs/messaging/src/lease/lease-contender',
  'services/realtime-voice/src/session-change',
  'services/realtime-voice/src/call',
  'services/ari-gateway/src/edges/owner-crash',
  'services/realtime-voice/src/replicas',
  'services/realtime-voice/src/media-junk',
  'deploy/bench/src/voice-soak',
  'services/ari-gateway/src/calls/control/walks',
  'services/ari-gateway/src/calls/control/crash',
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
 * Libraries run from source; `isolate: false` makes the run several times shorter, so no suite mocks a module and every suite closes what it opened.
 */
export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        resolve,
        ssr,
        oxc,
        test: {
          name: 'unit',
          globalSetup: ['libs/testing/src/programs-setup.ts'],
          include: ['{libs,services,deploy,asterisk,tools}/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/test/**'],
          isolate: false,
          // Most of a spec's time is waiting (for servers, deadlines, telephones); the other projects run beside these two.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        oxc,
        test: {
          name: 'stack',
          // They run beside each other: no port of one may be taken by another between its choice and its use.
          env: { TRONCAL_TEST_PORTS_FROM: '31800' },
          include: ['{libs,services,deploy,asterisk}/**/test/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/test/own/**', 'deploy/images/**'],
          globalSetup: ['libs/testing/src/programs-setup.ts', 'libs/testing/src/stack-setup.ts'],
          isolate: false,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        ssr,
        oxc,
        test: {
          name: 'own',
          env: { TRONCAL_TEST_PORTS_FROM: '31800' },
          include: ['{libs,services,deploy,asterisk}/**/test/own/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['libs/testing/src/programs-setup.ts'],
          isolate: false,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      // Both need a Docker engine and are run by `npm run test:compose` alone: against the project it brought up, and with containers of their own.
      ...(['compose', 'containers'] as const).map((name) => ({
        resolve,
        ssr,
        oxc,
        test: {
          name,
          include: [`deploy/images/test/${name}/*.spec.ts`],
          globalSetup: name === 'compose' ? ['libs/testing/src/stack-setup.ts'] : [],
          isolate: false,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      })),
    ],
  },
});
