import { AgentConnectedV1, CallEndedV1, CallQueuedV1, QueueLeftV1 } from '@troncal/contracts';
import { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, NUMBER, OFFICE } from '../../test/support/at-twilio.js';
import { VoiceDirectory } from '../voice/directory/voice-directory.js';
import { callIdOf } from '../voice/call-id.js';
import { FollowQueueLine } from './follow-queue-line.js';

const NOBODYS = 'https://prod.invalid';
const [FIRST, SECOND, THIRD] = ['+56911110001', '+56911110002', '+56911110003'] as const;
const NEIGHBOUR = '+56223456789';

describe('callers in a queue of Twilio’s rail', () => {
  let at: AtTwilio;
  let person: SipPhone;
  /** A phone of another community, whose calls to this one's number stay on Twilio's rail. */
  let guest: SipPhone;
  beforeAll(async () => {
    at = await AtTwilio.start();
    await at.environment('prod', DOMAIN, { publicUrl: NOBODYS });
    at.twilio.set({ voice: { msPerLetter: 1, publicUrls: [{ from: NOBODYS, to: at.under.api.url }] } });
    const route = { name: 'People', start: 'people', nodes: { people: { kind: 'queue', queue: 'office', timeoutMs: 600_000, onTimeout: 'bye' }, bye: { kind: 'hangup' } } };
    await at.apply([{ ...OFFICE, routes: { main: route } }, { ...OFFICE, tenant: 'LOS_AROMOS', name: 'Los Aromos', numbers: [{ have: 'buy', e164: NEIGHBOUR }] }]);
    person = await phone('oficina_principal', NUMBER);
    guest = await phone('los_aromos', NEIGHBOUR);
    // The directory follows the declarations by itself.
    await eventually('its number is answered for', () => (at.service().get(VoiceDirectory).tenant('prod', 'oficina_principal')?.numbers ?? []).length > 0);
  }, 60_000);
  afterEach(() => Promise.all([person, guest].flatMap((each) => each.activeCalls.map((call) => call.hangup()))));
  afterAll(async () => {
    await Promise.all([person?.close(), guest?.close()]);
    await at?.stop();
  });

  /** The office's phone, registered. */
  async function phone(tenant: string, number: string): Promise<SipPhone> {
    const { password } = await at.under.api.expect<{ password: string }>('POST', at.path(`tenants/${tenant}/users/201/reveal`), {});
    const [host = '', port] = at.twilio.sip.address.split(':');
    const opened = await SipPhone.open({ bindAddress: '127.0.0.1', user: `${number}-office`, password, domain: DOMAIN, registrar: { host, port: Number(port) } });
    await opened.register({ expiresS: 600 });
    return opened;
  }

  /** Somebody who stays in the queue until they are put through. */
  function calls(from: string): string {
    return callIdOf(at.twilio.voice.call({ from, to: NUMBER, script: [] }).call.sid);
  }
  const waits = (callId: string) => at.under.seen(CallQueuedV1, ({ data }) => data.callId === callId);
  const shownAs = (call: SipPhone['activeCalls'][number]): string => decodeURIComponent(call.remoteUser ?? '');
  /** Rings the person's phone with this caller. */
  async function rung(from: string): Promise<SipPhone['activeCalls'][number] & { answer(): Promise<void>; reject(status: number): void }> {
    const call = await person.nextCall({ timeoutMs: 8_000 });
    expect(shownAs(call)).toBe(from);
    return call;
  }

  it('are put through in the order in which they came, and fetched from their music when somebody is free', async () => {
    const first = calls(FIRST);
    const talk = await rung(FIRST);
    await talk.answer();
    const second = calls(SECOND);
    // Nobody came before: they ring, although the only person talks, and are given music.
    (await rung(SECOND)).reject(486);
    await waits(second);
    await eventually('their music plays', () => at.twilio.voice.calls().some(({ from, status }) => from === SECOND && status === 'in-progress'));
    await at.under.seen(AgentConnectedV1, ({ data }) => data.callId === first);
    // Seen by then, and not only half a second later.
    await at.service().get(FollowQueueLine).once();
    await talk.hangup();
    // Whoever comes now finds the phone free and somebody before them.
    const third = calls(THIRD);
    const next = await rung(SECOND);
    await next.answer();
    await at.under.seen(QueueLeftV1, ({ data }) => data.callId === second && data.outcome === 'connected');
    await waits(third);
    await next.hangup();
    const last = await rung(THIRD);
    await last.answer();
    await last.hangup();
    await at.under.seen(CallEndedV1, ({ data }) => data.callId === third);
    expect(at.under.events.filter(({ envelope }) => envelope.type === QueueLeftV1.type).map(({ envelope }) => QueueLeftV1.read(envelope).data.outcome)).toEqual(['connected', 'connected', 'connected']);
  }, 60_000);

  it('have their place though they call from a phone of another community', async () => {
    calls(FIRST);
    const talk = await rung(FIRST);
    await talk.answer();
    const dialled = await guest.call(NUMBER);
    (await rung(NEIGHBOUR)).reject(486);
    const { data, tenantid } = await at.under.seen(CallQueuedV1, ({ data: { callId }, tenantid }) => tenantid === 'los_aromos' && callId !== '');
    expect([data.queue, tenantid]).toEqual(['office', 'los_aromos']);
    await at.service().get(FollowQueueLine).once();
    await talk.hangup();
    const third = calls(THIRD);
    // They came before.
    const next = await rung(NEIGHBOUR);
    await next.answer();
    await dialled.answered();
    await waits(third);
    await next.hangup();
    (await rung(THIRD)).reject(603);
  }, 60_000);
});
