import { dirname, join } from 'node:path';
import type { StackState } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi, troncal } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';
import { recordingPath } from './gather.js';

describe('where the lab call is held', () => {
  let api: LocalApi;
  let state: StackState;
  beforeAll(async () => {
    api = await LocalApi.open({ 'GET /health/ready': { body: { ready: true, checks: [] } } });
    const nowhere = { host: '127.0.0.1', port: 9 };
    state = {
      version: 1, phase: 'ready', launcher: { pid: 1, startedAt: '1' }, http: { url: api.url, apiKeyFile: api.keyFile }, nats: { url: 'nats://127.0.0.1:9', observer: { user: 'observer', password: 'p' } },
      postgres: { ...nowhere, database: 'troncal', adminUrl: 'x' }, sip: { ...nowhere, bind: '127.0.0.1', realm: 'troncal' }, asterisk: null, edges: [], media: nowhere, openAi: { url: 'x', simulated: true, controlUrl: null },
      twilio: null, gdms: null, demo: { tenant: 'demo', accounts: {} }, espeak: null, leftOut: [{ part: 'asterisk', reason: 'by choice' }], directories: { state: '/s', logs: '/s/logs', recordings: '/s/recordings', sounds: '/s/sounds' }, processes: [],
    };
  });
  afterAll(() => api.close());
  const demo = (change: Partial<StackState>) => troncal(['call', 'demo', '--state', api.file('state.json', JSON.stringify({ ...state, ...change }))]);

  it.each<[string, Partial<StackState>, number, string]>([
    ['Asterisk is left out', { sip: null }, EXIT.unreachable, 'error: there is no telephone exchange to call: Asterisk was left out (by choice)'],
    ['it is still starting', { phase: 'starting' }, EXIT.unreachable, 'error: Troncal is still starting'],
    ['it was stopped', { phase: 'stopped' }, EXIT.unreachable, 'error: Troncal does not run here: it was stopped'],
    ['the launcher was killed', { http: { url: 'http://127.0.0.1:9', apiKeyFile: '/dev/null' } }, EXIT.refused, 'holds no secret'],
    ['there is no demo', { demo: null }, EXIT.notFound, 'error: there is no demonstration tenant to call with'],
    ['the bus is away', {}, EXIT.unreachable, 'error: the bus at nats://127.0.0.1:9 can’t be read'],
  ])('says in one line that %s', async (_, change, code, message) => {
    const ran = await demo(change);
    expect(ran.err).toContain(message);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain('try:   ');
  });

  it('shows a recording by its path on this machine when it is there', () => {
    expect(recordingPath({ recordingId: 'r1', location: '/api/recordings/r1/audio' }, state.directories)).toBe('/api/recordings/r1/audio');
    const own = { ...state.directories, recordings: dirname(api.file('r1.wav', 'RIFF')) };
    expect(recordingPath({ recordingId: 'r1', location: '/api/recordings/r1/audio' }, own)).toBe(join(own.recordings, 'r1.wav'));
  });
});
