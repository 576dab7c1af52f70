import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BRIEF, startVoice, type VoiceUnderTest } from '../../test/support/voice-under-test.js';

let voice: VoiceUnderTest;
beforeAll(async () => {
  voice = await startVoice();
}, 120_000);
afterAll(() => voice.stop());

const GOOD = { ...BRIEF, name: 'Sales' };

describe('agents over HTTP', () => {
  it('has a default agent for everybody, in Spanish and English', async () => {
    const { body } = await voice.service.apiOf('demo').send<{ agents: { tenant: string; code: string }[] }>('GET', '/api/agents');
    expect(body.agents).toContainEqual(expect.objectContaining({ tenant: '_', code: 'default', version: 1, greetings: { es: expect.stringContaining('Hola'), en: expect.stringContaining('Hello') } }));
  });

  it('makes a version of each change and none of a repetition', async () => {
    const api = voice.service.apiOf('demo');
    const versions: unknown[] = [];
    for (const settings of [GOOD, GOOD, { ...GOOD, voice: 'cedar' }]) versions.push((await api.expect<{ version: number }>('PUT', '/api/agents/sales', settings)).version);
    expect(versions).toEqual([1, 1, 2]);
    expect((await api.send('GET', '/api/agents/sales')).body).toMatchObject({ tenant: 'demo', code: 'sales', version: 2, voice: 'cedar', bargeIn: { enabled: true } });
  });

  it('numbers versions without gaps when two write at once', async () => {
    const api = voice.service.apiOf('demo');
    const written = await Promise.all(Array.from({ length: 6 }, (_, n) => api.expect<{ version: number }>('PUT', '/api/agents/race', { ...GOOD, name: `n${n}` })));
    expect(written.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('names every fault of bad settings at once', async () => {
    const answer = await voice.service.apiOf('demo').send<{ errors: { path: string }[] }>('PUT', '/api/agents/bad', { name: '', greetings: {}, tools: ['format_disk'], surprise: 1 });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['/name', '/instructions', '/greetings', '/tools/0', '/surprise']));
  });

  it('keeps tenants apart, and the platform’s agents from them', async () => {
    await voice.service.apiOf('demo').expect('PUT', '/api/agents/private', GOOD);
    const other = voice.service.apiOf('other');
    expect((await other.send('GET', '/api/agents/private')).status).toBe(404);
    expect((await other.send('GET', '/api/agents/private?tenant=demo')).status).toBe(403);
    expect((await other.send('PUT', '/api/agents/default?tenant=_', GOOD)).status).toBe(403);
    expect((await other.send('GET', '/api/agents/default?tenant=_')).status).toBe(200);
    expect((await voice.service.api.send('GET', '/api/agents/default')).status).toBe(200);
    await expect(voice.attach({ tenant: 'other', agent: 'private' })).rejects.toMatchObject({ code: 'unknown_agent' });
  });
});

describe('conversations over HTTP', () => {
  it('are listed newest first, in pages, to their own tenant only', async () => {
    const made: string[] = [];
    for (let n = 0; n < 3; n += 1) made.unshift((await voice.attach()).conversationId);
    const api = voice.service.apiOf('demo');
    const first = await api.expect<{ conversations: { id: string }[]; next: string }>('GET', '/api/conversations?limit=2');
    const second = await api.expect<{ conversations: { id: string }[] }>('GET', `/api/conversations?limit=2&after=${first.next}`);
    expect([...first.conversations, ...second.conversations].map(({ id }) => id)).toEqual(made);
    expect((await voice.service.apiOf('other').send('GET', '/api/conversations')).body).toEqual({ conversations: [] });
    expect((await voice.service.apiOf('other').send('GET', `/api/conversations/${made[0]}`)).status).toBe(404);
  });

  it.each([
    ['/api/conversations/nonsense', 422],
    ['/api/conversations/01K9ZQ4W2M6T8N0B3C5D7E9F1G', 404],
    ['/api/conversations?limit=0', 422],
    ['/api/conversations?colour=red', 422],
  ])('answers %s with a problem of status %i', async (path, status) => {
    const answer = await voice.service.apiOf('demo').send('GET', path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('need a key', async () => {
    expect((await voice.service.api.withKey(undefined).send('GET', '/api/conversations')).status).toBe(401);
  });
});
