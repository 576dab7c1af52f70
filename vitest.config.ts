import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['@troncal/source'] };
const ssr = { resolve: { conditions: ['@troncal/source'] } };
// Vite reads these from a file's tsconfig.json, and those leave specs out: without it a Nest class in a spec doesn't parse.
const oxc = { decorator: { legacy: true, emitDecoratorMetadata: true } };

/**
 * Sizes of test. `unit`: specs beside the code, each of which starts what it needs (a database, a NATS server) by itself.
 * `stack`: specs in `test/` folders against one running Troncal, started once by the global set-up and shared by all suites.
 * Libraries run from source; `isolate: false` makes the run several times shorter, so no suite mocks a module and every suite closes what it opened.
 */
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        resolve,
        ssr,
        oxc,
        test: {
          name: 'unit',
          include: ['{libs,services,deploy,asterisk,tools}/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/test/**'],
          isolate: false,
          // Most of a spec's time is waiting (for servers, deadlines, telephones): more workers than cores.
          maxWorkers: 3,
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
          include: ['{libs,services,deploy,asterisk}/**/test/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'deploy/images/**'],
          globalSetup: ['libs/testing/src/stack-setup.ts'],
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
