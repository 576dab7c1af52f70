import { expect, it } from 'vitest';
import { FAULTS } from '../faults/catalogue.js';
import { misfits } from './plant.js';

it.each(FAULTS)('the planted fault of $code fits the code as it is', ({ plant }) => {
  expect(plant.changes.length).toBeGreaterThan(0);
  expect(misfits(plant, 'src')).toEqual([]);
});
