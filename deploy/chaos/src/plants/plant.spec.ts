import { expect, it } from 'vitest';
import { FAULTS } from '../faults/catalogue.js';
import { misfits } from './plant.js';

it.each(FAULTS)('the changes of $code fit the code as it is', ({ shims = [], plant }) => {
  expect(plant.changes.length).toBeGreaterThan(0);
  expect(misfits([...shims, ...plant.changes], 'src')).toEqual([]);
});
