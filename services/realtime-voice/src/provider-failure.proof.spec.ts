import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answersAllTheSame, fallsBack, speaksAllTheSame } from '../test/support/provider-failures.js';
import { startVoice, type VoiceUnderTest } from '../test/support/voice-under-test.js';

let voice: VoiceUnderTest;

beforeAll(async () => {
  voice = await startVoice();
  await voice.greetingsMade(2);
}, 120_000);
afterAll(() => voice.stop());

describe('when the provider of all fails', () => {
  afterEach(() => voice.simulator.reset());

  it('refuses with 500: the greeting is heard, then an apology, and the call goes on', async () => expect(await fallsBack(voice, { upgradeStatus: 500 })).toBe('scripted'));
  it('never answers the upgrade: the greeting is heard, then an apology, and the call goes on', async () => expect(await fallsBack(voice, { upgradeHang: true })).toBe('scripted'));
});

describe.concurrent('when the provider of one call fails', () => {
  it('says that it speaks PCM although G.711 was asked for: the caller hears speech and not a roar', async () => expect(await speaksAllTheSame(voice, 'format-echo')).toBeLessThan(2_600));
  it.each(['unknown-events', 'binary'] as const)('sends %s: skipped, and it answers', async (wrong) => expect(await answersAllTheSame(voice, wrong)).toBe(1));
});
