import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, startPostgres, type PostgresServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VoiceDirectory } from './voice-directory.js';
import { callOf, newCallSid, type Asked } from '../../../test/support/twilio-asks.js';
import { communityOf, environmentOf, PUBLIC_URL, startVoice, TOKEN, type VoiceUnderTest } from '../../../test/support/voice-under-test.js';

const NUMBER = '+56229145248';
const OWN = { sid: `AC${'7'.repeat(32)}`, token: 'auth-token-of-plaza', number: '+56229147777' };

let postgres: PostgresServer;
let voice: VoiceUnderTest;
beforeAll(async () => {
  postgres = await startPostgres();
  const database = await postgres.createDatabase('provisioning');
  voice = await startVoice({ env: { DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl } });
  await voice.declare({
    tenants: [communityOf(), communityOf({ tenant: 'plaza', domain: 'plaza.sip.twilio.com', ownAccount: true, numbers: [{ e164: OWN.number, route: 'main' }] })],
    environments: [environmentOf({
      tokens: [TOKEN, 'second-token'], subaccounts: [{ tenant: 'plaza', sid: OWN.sid, tokens: [OWN.token] }], edge: { host: 'edge.example.com', transport: 'tls', username: 'rail.prod', password: 'edge-password' },
    })],
  });
});
afterAll(async () => {
  await voice?.stop();
  await postgres?.stop();
});

const call = (): Promise<Asked> => voice.twilio.post('/twilio/voice/number', callOf('+56912345678', NUMBER, newCallSid()));
const missing = async (): Promise<string[]> => {
  const report = (await (await fetch(`${voice.running().url}/health/ready`)).json()) as { checks: { name: string; state: string }[] };
  return report.checks.filter(({ state }) => state !== 'ready').map(({ name }) => name);
};

/** A caller walks through the menu to a phone that answers. */
async function walk(): Promise<string[]> {
  const sid = newCallSid();
  const heard: string[] = [];
  let answer = await voice.twilio.post('/twilio/voice/number', callOf('+56912345678', NUMBER, sid));
  for (const more of [{ Digits: '1' }, { DialCallStatus: 'no-answer', DialCallSid: newCallSid() }, { DialCallStatus: 'completed', DialCallSid: newCallSid() }]) {
    heard.push(...answer.verbs.map(({ name }) => name));
    const action = answer.verbs.at(-1)?.attributes['action'] ?? '';
    answer = await voice.twilio.post(action, callOf('+56912345678', NUMBER, sid, { CallStatus: 'in-progress', ...more }));
  }
  return [...heard, ...answer.verbs.map(({ name }) => name)];
}

describe('the voice directory', () => {
  it('answers calls to their end while PostgreSQL and NATS are away', async () => {
    expect(await walk()).toEqual(['Gather', 'Dial', 'Dial', 'Hangup']);
    await Promise.all([postgres.kill(), voice.service.nats.kill()]);
    await eventually('both are missed', async () => (await missing()).includes('database') && (await missing()).includes('bus'));
    expect(await walk()).toEqual(['Gather', 'Dial', 'Dial', 'Hangup']);
    await Promise.all([postgres.restart(), voice.service.nats.restart()]);
    await eventually('both are back', async () => (await missing()).length === 0, 20_000);
  });

  it('answers calls in a replica that starts while PostgreSQL is away, from the state that the last one left, whose secrets are sealed', async () => {
    await postgres.kill();
    await voice.restartAway(() => {
      const file = readFileSync(join(voice.stateDir, 'voice-directory.json'), 'utf8');
      expect(file).toContain(NUMBER);
      expect(file).not.toContain(TOKEN);
      expect(file).not.toContain('second-token');
      expect(file).not.toContain(OWN.token);
      expect(file).not.toContain('edge-password');
    });
    expect((await call()).verbs.map(({ name }) => name)).toEqual(['Gather']);
    expect((await voice.asks(PUBLIC_URL, OWN.token).post('/twilio/voice/number', { ...callOf('+56912345678', OWN.number, newCallSid()), AccountSid: OWN.sid })).verbs.map(({ name }) => name)).toEqual(['Gather']);
    expect(await missing()).toContain('database');
    expect(voice.running().get(VoiceDirectory).environment('prod')?.edge?.password).toBe('edge-password');
    await postgres.restart();
    await eventually('it is ready', async () => (await missing()).length === 0, 20_000);
    await voice.declare({ tenants: [communityOf({ suspended: true })] });
    expect((await call()).verbs.map(({ name }) => name)).toEqual(['Reject']);
    await voice.declare({ tenants: [communityOf()] });
  });

  it('goes by what is declared, and not by a file that was damaged', async () => {
    const path = join(voice.stateDir, 'voice-directory.json');
    await postgres.kill();
    await voice.restartAway(() => writeFileSync(path, readFileSync(path, 'utf8').replace(NUMBER, '+56229145999')));
    expect((await call()).status).toBe(403);
    await postgres.restart();
    await eventually('it is ready', async () => (await missing()).length === 0, 20_000);
    await eventually('calls are answered', async () => (await call()).status === 200);
    expect(readFileSync(`${path}.damaged`, 'utf8')).toContain('+56229145999');
  });
});
