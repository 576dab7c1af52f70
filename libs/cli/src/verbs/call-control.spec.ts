import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const CALL = '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const OTHER = '4f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const SNOOP = '01K9ZQ4W2M6T8N0B3C5D7E9F2H';
const ok = { body: { callId: CALL, slot: '70', snoopId: SNOOP } };
const paths = ['hold', 'resume', 'play', 'say', 'dtmf', 'bridge', 'conference', 'park', 'pickup', 'transfer', 'warm-transfer', 'warm-transfer/complete', 'warm-transfer/cancel', 'snoop', 'recording', 'recording/pause', 'recording/resume'];

describe('verbs on a live call', () => {
  let api: LocalApi;
  beforeAll(async () => {
    api = await LocalApi.open({
      ...Object.fromEntries(paths.map((path) => [`POST /api/calls/${CALL}/${path}`, ok])),
      ...Object.fromEntries(['play', 'conference', 'recording', `snoop/${SNOOP}`].map((path) => [`DELETE /api/calls/${CALL}/${path}`, ok])),
      [`POST /api/calls/${OTHER}/hold`]: { status: 409, body: { type: 'x', title: 'x', status: 409, code: 'already_held', detail: `Call ${OTHER} can't be held: it is on hold. Resume it, or leave it as it is.` } },
      'GET /api/calls/parked': { body: { parked: [{ tenant: 'demo', slot: '70', callId: CALL, from: '+56225550101', until: '2026-11-25T15:02:00.000Z', returnTo: null }] } },
    });
  });
  afterAll(() => api.close());

  it.each([
    [['hold', CALL], 'POST', 'hold', {}],
    [['resume', CALL], 'POST', 'resume', {}],
    [['play', CALL, '--sound', 'jingle'], 'POST', 'play', { sound: 'jingle' }],
    [['stop-playing', CALL], 'DELETE', 'play', undefined],
    [['say', CALL, 'hola', '--language', 'es'], 'POST', 'say', { text: 'hola', language: 'es' }],
    [['dtmf', CALL, '12#', '--masked'], 'POST', 'dtmf', { digits: '12#', to: 'other', masked: true }],
    [['bridge', CALL, OTHER], 'POST', 'bridge', { with: OTHER }],
    [['conference', CALL, 'standup'], 'POST', 'conference', { conference: 'standup' }],
    [['leave-conference', CALL], 'DELETE', 'conference', undefined],
    [['park', CALL, '--return-to', '201'], 'POST', 'park', { timeoutMs: 120_000, returnTo: '201' }],
    [['pickup', CALL, '203'], 'POST', 'pickup', { extension: '203', timeoutMs: 25_000 }],
    [['transfer', CALL, '--extension', '203', '--end'], 'POST', 'transfer', { extension: '203', timeoutMs: 25_000, onNoAnswer: 'end' }],
    [['warm-transfer', CALL, '--extension', '203', '--briefing', 'Ana'], 'POST', 'warm-transfer', { extension: '203', briefing: 'Ana', timeoutMs: 25_000 }],
    [['complete-transfer', CALL], 'POST', 'warm-transfer/complete', {}],
    [['cancel-transfer', CALL], 'POST', 'warm-transfer/cancel', {}],
    [['listen', CALL, '205'], 'POST', 'snoop', { mode: 'listen', extension: '205', party: 'caller', timeoutMs: 25_000 }],
    [['whisper', CALL, '205', '--party', 'other'], 'POST', 'snoop', { mode: 'whisper', extension: '205', party: 'other', timeoutMs: 25_000 }],
    [['stop-listening', CALL, SNOOP], 'DELETE', `snoop/${SNOOP}`, undefined],
    [['record', CALL, 'start', '--stereo'], 'POST', 'recording', { announce: false, channels: 'stereo' }],
    [['record', CALL, 'pause'], 'POST', 'recording/pause', {}],
    [['record', CALL, 'resume'], 'POST', 'recording/resume', {}],
    [['record', CALL, 'stop'], 'DELETE', 'recording', undefined],
  ] as const)('calls %j asks what the API takes', async (argv, method, path, body) => {
    const { code, out } = await api.troncal('calls', ...argv);
    expect([code, out]).toEqual([EXIT.ok, expect.stringContaining(CALL)]);
    expect(api.asked.at(-1)).toMatchObject({ method, url: `/api/calls/${CALL}/${path}`, ...(body === undefined ? {} : { body }) });
  });

  it('shows a refusal as the API words it', async () => {
    const { code, err } = await api.troncal('calls', 'hold', OTHER);
    expect(code).not.toBe(EXIT.ok);
    expect(err).toContain('it is on hold');
  });

  it.each([[['dtmf', CALL, 'x']], [['play', CALL]], [['transfer', CALL]], [['park', CALL, '--slot', '7']], [['record', CALL, 'forward']]])('sends nothing for %j', async (argv) => {
    const before = api.asked.length;
    expect((await api.troncal('calls', ...argv)).code).toBe(EXIT.usage);
    expect(api.asked).toHaveLength(before);
  });

  it('lists who is parked, and how to take them', async () => {
    const { out } = await api.troncal('calls', 'parked');
    expect(out).toMatch(/\*8570\s+3f1f0a2b.*its route/);
    expect(out).not.toContain('+56225550101');
  });
});
