import { expect, it } from 'vitest';
import { KeyedTurns } from './keyed-turns.js';

it('does the work of one key in the order of asking, of two keys side by side, and forgets what is done', async () => {
  const turns = new KeyedTurns();
  const said: string[] = [];
  const gate = Promise.withResolvers<void>();
  const slow = turns.run('a', async () => {
    await gate.promise;
    said.push('a1');
  });
  const behind = turns.run('a', async () => said.push('a2'));
  await turns.run('b', async () => said.push('b1'));
  gate.resolve();
  await Promise.all([slow, behind, turns.idle()]);
  expect(said).toEqual(['b1', 'a1', 'a2']);
  expect(turns.size).toBe(0);
});

it('tells a failure to whoever asked, and goes on', async () => {
  const turns = new KeyedTurns();
  const failing = turns.run('a', () => Promise.reject(new Error('no')));
  const next = turns.run('a', async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
  await turns.idle();
});
