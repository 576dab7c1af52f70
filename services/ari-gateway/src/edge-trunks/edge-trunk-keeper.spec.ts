import { createLogger } from '@troncal/observability';
import { describe, expect, it } from 'vitest';
import { EdgeTrunkKeeper, type EdgeTrunkPorts } from './edge-trunk-keeper.js';

describe('who keeps as whom Twilio’s rail calls', () => {
  it.each(Array.from({ length: 20 }, (_, turns) => turns))('asks once more at a word of a change, %d turns of the queue after the last', async (turns) => {
    let asked = 0;
    const commands: EdgeTrunkPorts['commands'] = {
      ask: async (command) => {
        asked += 1;
        return command.reply.parse({ trunks: [] });
      },
    };
    const signals = { on: () => {}, tell: () => {} };
    const keeper = new EdgeTrunkKeeper({ replace: () => Promise.resolve(false) }, { commands, signals, identifiers: { readAnew: () => Promise.resolve() }, logger: createLogger({ service: 'ari-gateway', level: 'silent' }) });
    keeper.wake();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    keeper.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(2);
    await keeper.stop();
  });
});
