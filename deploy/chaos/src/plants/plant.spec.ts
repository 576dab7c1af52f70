import { expect, it } from 'vitest';
import { FAULTS } from '../faults/catalogue.js';
import { misfits } from './plant.js';

// What is changed is the compiled text, whose lines may be others than the source's.
it.each(FAULTS)('the changes of $code fit the code as it is', ({ shims = [], plant }) => {
  expect(plant.changes.length).toBeGreaterThan(0);
  for (const built of ['src', 'dist'] as const) expect(misfits([...shims, ...plant.changes], built)).toEqual([]);
});
