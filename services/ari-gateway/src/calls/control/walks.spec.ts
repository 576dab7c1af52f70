import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayLab } from '../../../test/support/gateway-lab.js';
import { EXTENSIONS, Walk, walks } from '../../../test/support/walk.js';

/** `npm run soak:calls` sets both. */
const RUNS = Number(process.env['SOAK_RUNS'] ?? 2);
const SEED = Number(process.env['SOAK_SEED'] ?? 20_261_125);
const LENGTH = 36;

let lab: GatewayLab;
let walk: Walk;
beforeAll(async () => {
  lab = await GatewayLab.open();
  lab.sound('jingle', 1_100, 400);
  for (const extension of EXTENSIONS) await lab.endpoint(extension);
  await lab.start();
  walk = new Walk(lab, await Promise.all(EXTENSIONS.map((extension) => lab.phone(extension))));
});
afterAll(() => lab.close());

describe('any walk of phones, verbs and deaths of the gateway', () => {
  it('never leaves a channel, bridge or recording behind, and ends each call once', async () => {
    let walked = 0;
    await fc.assert(
      fc.asyncProperty(walks(LENGTH), async ([manners, commands]) => {
        try {
          await walk.begin(manners);
          await fc.asyncModelRun(() => ({ model: {}, real: walk }), commands);
          await walk.agree();
          await walk.end();
          walked += 1;
        } catch (error) {
          throw new Error(`seed ${SEED}, after:\n${walk.steps.join('\n')}`, { cause: error });
        }
      }),
      // A walk on real telephones is never the same twice: nothing to shrink.
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(walked).toBe(RUNS);
  }, RUNS * 60_000);
});
