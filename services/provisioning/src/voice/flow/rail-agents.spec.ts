import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AttachV1, inboxPrefix, LegOutcomeV1, type CommandDefinition } from '@troncal/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { TwimlElement } from '../../../test/support/read-twiml.js';
import { callOf, newCallSid } from '../../../test/support/twilio-asks.js';
import { communityOf, routeOf, startVoice, type VoiceUnderTest } from '../../../test/support/voice-under-test.js';
import { agentLegIdOf, callIdOf } from '../call-id.js';

const NUMBER = '+56229145248';
const CALLER = '+56912345678';
type Outcome = z.input<typeof LegOutcomeV1.reply>;

let voice: VoiceUnderTest;
let agents: NatsConnection;
/** What realtime-voice was asked, and how it answers; undefined: not at all. */
const asked: unknown[] = [];
let attaches = true;
let outcome: Outcome | undefined;

beforeAll(async () => {
  voice = await startVoice();
  const { url, user, password } = voice.service.nats.login('realtime-voice');
  agents = await connect({ servers: url, user, pass: password, inboxPrefix: inboxPrefix(user) });
  answer(AttachV1, () => (attaches ? { conversationId: 'c1', engine: 'simulator' } : undefined));
  answer(LegOutcomeV1, () => outcome);
  await agents.flush();
  const route = routeOf({
    name: 'Agent', start: 'agent', nodes: {
      agent: { kind: 'agent', agent: 'front-desk', digits: { '0': 'office' }, onHandoff: 'people', onFailed: 'office' },
      office: { kind: 'ring', extensions: ['101'], onNoAnswer: 'bye' },
      people: { kind: 'queue', queue: 'security', timeoutMs: 60_000, onTimeout: 'bye' },
      bye: { kind: 'hangup' },
    },
  });
  await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 1, route }] })] });
});
afterAll(async () => {
  await agents?.close();
  await voice?.stop();
});
beforeEach(() => {
  asked.length = 0;
  [attaches, outcome] = [true, undefined];
});

/** As a service answers a command, by Nest's form of a reply. */
function answer(command: CommandDefinition<z.ZodObject, z.ZodObject>, how: () => unknown): void {
  agents.subscribe(command.subject, {
    callback: (_, message) => {
      const { id, data } = message.json<{ id: string; data: unknown }>();
      asked.push(data);
      const response = how();
      if (response !== undefined) message.respond(JSON.stringify({ id, response: { ok: true, data: response }, isDisposed: true }));
    },
  });
}

async function call(): Promise<{ readonly sid: string; readonly first: readonly TwimlElement[]; readonly left: () => Promise<readonly TwimlElement[]> }> {
  const sid = newCallSid();
  const { verbs: first } = await voice.twilio.post('/twilio/voice/number', callOf(CALLER, NUMBER, sid));
  let verbs = first;
  return {
    sid,
    first,
    left: async () => {
      const action = verbs.find(({ name }) => name === 'Connect')?.attributes['action'] ?? '';
      ({ verbs } = await voice.twilio.post(action, callOf(CALLER, NUMBER, sid, { CallStatus: 'in-progress' })));
      return verbs;
    },
  };
}
const names = (verbs: readonly TwimlElement[]): string[] => verbs.map(({ name }) => name);
const rung = ([dial]: readonly TwimlElement[]): string | undefined => dial?.children[0]?.text;

describe('an agent on Twilio’s rail', () => {
  it('is prepared before the caller is streamed to it, under a leg that a repeated webhook has too', async () => {
    const { sid, first } = await call();
    const leg = first[0]?.children[0]?.children[0]?.attributes['value'];
    const again = await voice.twilio.post('/twilio/voice/number', callOf(CALLER, NUMBER, sid));
    expect(again.verbs).toEqual(first);
    expect(leg).not.toBe(agentLegIdOf(sid, 1, 'another secret'));
    expect(first).toMatchObject([{ name: 'Connect', children: [{ name: 'Stream', attributes: { url: 'wss://voice.example.com/media/twilio' }, children: [{ name: 'Parameter', attributes: { name: 'leg', value: leg } }] }] }]);
    expect(asked).toMatchObject([{ callId: callIdOf(sid), legId: leg, tenant: 'oficina_principal', agent: 'front-desk', format: 'ulaw', language: 'es', caller: CALLER, called: NUMBER, resume: false, digits: ['0'] }]);
    expect(voice.facts.kind(sid, 'agent')).toMatchObject([{ leg, agent: 'front-desk', phase: 'attached' }]);
  });

  it('that can’t be had is gone without', async () => {
    attaches = false;
    const { first } = await call();
    expect(rung(first)).toBe('sip:+56229145248-office@communities.sip.twilio.com');
  });

  it.each<readonly [string, Outcome | undefined, string, string | undefined]>([
    ['a key', { outcome: 'digit', digit: '0', resumable: false }, 'Dial', 'sip:+56229145248-office@communities.sip.twilio.com'],
    ['its own wish for a person', { outcome: 'handoff', summary: 'Wants the gate opened.', resumable: false }, 'Dial', 'sip:+56229145248-security@communities.sip.twilio.com'],
    ['a failure', { outcome: 'failed', resumable: false }, 'Dial', 'sip:+56229145248-office@communities.sip.twilio.com'],
    ['nobody’s answer', undefined, 'Dial', 'sip:+56229145248-office@communities.sip.twilio.com'],
    ['a goodbye', { outcome: 'ended', resumable: false }, 'Hangup', undefined],
    ['a caller who has gone', { outcome: 'caller_gone', resumable: false }, 'Hangup', undefined],
  ])('is followed by what the route says of %s', async (_, ended, verb, phone) => {
    const { left } = await call();
    outcome = ended;
    const verbs = await left();
    expect(names(verbs)).toEqual([verb]);
    expect(rung(verbs)).toBe(phone);
  });

  it('tells whoever takes over what was said', async () => {
    const { sid, left } = await call();
    outcome = { outcome: 'handoff', summary: 'Wants the gate opened.', resumable: false };
    await left();
    expect(voice.facts.kind(sid, 'queued')).toMatchObject([{ queue: 'security', reason: 'agent_request', summary: 'Wants the gate opened.' }]);
  });

  it('goes on with a conversation that broke off, twice, and then people take over', async () => {
    const { left } = await call();
    outcome = { outcome: 'failed', resumable: true };
    expect([names(await left()), names(await left()), names(await left())]).toEqual([['Connect'], ['Connect'], ['Dial']]);
    expect(asked.filter((one) => (one as { resume?: boolean }).resume === true)).toHaveLength(2);
  });
});
