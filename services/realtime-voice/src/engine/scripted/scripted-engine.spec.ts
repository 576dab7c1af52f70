import { afterEach, describe, expect, it } from 'vitest';
import { agentSettingsSchema } from '../../agents/agent-profile.js';
import { phrase } from '../../prompts/phrases.js';
import type { EngineContext, EngineEvent } from '../voice-engine.js';
import { ScriptedEngine } from './scripted-engine.js';

const profile = { ...agentSettingsSchema.parse({ name: 'x', instructions: 'x', greetings: { en: 'Hi' } }), tenant: 'demo', code: 'x', version: 1 };
const context: EngineContext = { callId: 'call', profile, format: 'ulaw', language: 'en', history: [] };
/** A prompt of 20 ms, at once. */
const prompts = { speak: (text: string) => Promise.resolve({ text, ulaw: new Uint8Array(160).fill(0xff) }) };

let engine: ScriptedEngine;
afterEach(() => engine.close());

function open(): { said: string[]; events: EngineEvent[]; until: (done: () => boolean) => Promise<void> } {
  const events: EngineEvent[] = [];
  const said: string[] = [];
  let wake = (): void => {};
  engine = new ScriptedEngine(context, prompts, 10);
  engine.listen((event) => {
    events.push(event);
    if (event.type === 'agent-item-done') said.push(event.text);
    wake();
  });
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { said, events, until };
}

describe('the scripted engine', () => {
  it('apologises, offers a person twice, then asks for one itself', async () => {
    const { said, events, until } = open();
    await until(() => events.some((event) => event.type === 'tool-call'));
    expect(said).toEqual([phrase('sorry', 'en'), phrase('offer', 'en'), phrase('offer', 'en'), phrase('connecting', 'en')]);
    expect(events.find((event) => event.type === 'tool-call')).toMatchObject({ name: 'transfer_to_person' });
    expect(events[0]).toEqual({ type: 'ready' });
  });

  it('says so when there is nobody, and goes on', async () => {
    const { said, events, until } = open();
    await until(() => events.some((event) => event.type === 'tool-call'));
    engine.toolResult('call', '{"ok":false,"detail":"nobody"}');
    await until(() => said.includes(phrase('nobody', 'en')));
    await until(() => said.at(-1) === phrase('offer', 'en'));
    expect(said.filter((text) => text === phrase('nobody', 'en'))).toHaveLength(1);
  });

  it('repeats its offer at a key, except at 0, which is the gateway’s', async () => {
    const { said, until } = open();
    await until(() => said.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 25));
    const before = said.length;
    engine.digit('0');
    engine.digit('5');
    await until(() => said.length > before);
    expect(said[before]).toBe(phrase('offer', 'en'));
  });

  it('cannot summarise', async () => {
    open();
    await expect(engine.summarise()).rejects.toThrow('cannot summarise');
  });
});
