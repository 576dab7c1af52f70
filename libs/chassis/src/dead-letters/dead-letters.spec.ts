import { deadLetterPageSchema, deadLetterWithBodySchema, problemSchema, QueueLeftV1, type DeadLetterView } from '@troncal/contracts';
import { newCallId, newId } from '@troncal/kernel';
import { EventSource, eventually, startNats, type NatsServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNotes, type NotesService } from '../../test/notes-service.js';

const BASE = '/api/dead-letters/ticketing';

let nats: NatsServer;
let notes: NotesService;
let gateway: EventSource;
beforeAll(async () => {
  nats = await startNats();
  notes = await startNotes(nats.login('ticketing'), { keys: { 'acme-key': 'acme' } });
  await eventually('it is ready', notes.ready, 20_000);
  gateway = await EventSource.open(nats, 'ari-gateway');
});
afterAll(async () => {
  await gateway?.close();
  await notes?.close();
  await nats?.stop();
});

const list = async (query = ''): Promise<DeadLetterView[]> => deadLetterPageSchema.parse(await (await notes.ask(`${BASE}${query}`)).json()).deadLetters;
const post = (path: string, body = '{}'): Promise<Response> => notes.ask(`${BASE}${path}`, { method: 'POST', body });
const codeOf = async (response: Response): Promise<string> => `${response.status} ${problemSchema.parse(await response.json()).code}`;

/** An event that the notes' handler refuses until it is mended. */
async function given(tenant = 'demo'): Promise<DeadLetterView> {
  const callId = newCallId();
  await gateway.publish(QueueLeftV1, { tenant, subject: callId, data: { callId, queue: 'refused', outcome: 'timeout', waitedMs: 1, from: '' } });
  return eventually('the dead letter', async () => (await list(`?tenant=${tenant}`))[0]);
}

describe('dead letters over HTTP', () => {
  it('are listed with why, and shown with the event as it came', async () => {
    const letter = await given('shown');
    expect(letter).toMatchObject({ service: 'ticketing', handler: 'on-queue-left', tenant: 'shown', eventType: 'QueueLeft.v1', state: 'waiting', code: 'notes_closed', tries: 1, obstacle: null });
    const whole = deadLetterWithBodySchema.parse(await (await notes.ask(`${BASE}/${letter.deadLetterId}`)).json());
    expect(JSON.parse(whole.body)).toMatchObject({ id: letter.eventId, data: { queue: 'refused' } });
    expect(await list('?handler=other')).toEqual([]);
    expect(await list(`?tenant=shown&since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await (await notes.ask('/metrics')).text()).toContain('troncal_dead_letters_count{handler="on-queue-left",service="ticketing"}');
  });

  it('are discarded with a reason', async () => {
    const letter = await given('discarded');
    const answer = await post(`/${letter.deadLetterId}/discard`, '{"reason":"of no use"}');
    expect(await answer.json()).toMatchObject({ state: 'discarded', history: [{ act: 'discard', reason: 'of no use', by: 'id-of-admin' }] });
    expect(await codeOf(await post(`/${letter.deadLetterId}/redrive`))).toBe('409 dead_letter_discarded');
  });

  it('are redriven once, with who did it', async () => {
    const letter = await given('redriven');
    expect(await codeOf(await post(`/${letter.deadLetterId}/redrive`))).toBe('409 redrive_failed');
    notes.mend();
    for (let time = 0; time < 2; time += 1) {
      const answer = deadLetterWithBodySchema.parse(await (await post(`/${letter.deadLetterId}/redrive`)).json());
      expect(answer).toMatchObject({ state: 'redriven', tries: 2, history: [{ outcome: 'failed', code: 'notes_closed', by: 'id-of-admin' }, { outcome: 'done', by: 'id-of-admin' }] });
    }
    expect(await (await notes.ask('/api/notes')).json()).toHaveLength(1);
    expect(await list('?tenant=redriven')).toEqual([]);
    expect(await list('?tenant=redriven&state=redriven')).toHaveLength(1);
  });

  it('are for keys of the platform that may, of this service, and of this shape only', async () => {
    const acme = { headers: { authorization: 'Bearer acme-key' } };
    expect(await codeOf(await notes.ask(BASE, acme))).toBe('403 platform_key_needed');
    expect(await codeOf(await notes.ask(`${BASE}/${newId()}/redrive`, { ...acme, method: 'POST' }))).toBe('403 platform_key_needed');
    notes.writeKeys({ viewer: '*' }, { viewer: [] });
    await eventually('the key without the scope is known', async () => (await notes.ask('/api/notes', { headers: { authorization: 'Bearer viewer' } })).status === 200);
    expect(await codeOf(await notes.ask(BASE, { headers: { authorization: 'Bearer viewer' } }))).toBe('403 missing_scope');
    expect(await codeOf(await notes.ask('/api/dead-letters/provisioning'))).toBe('404 not_found');
    expect(await codeOf(await notes.ask('/api/dead-letters/nobody'))).toBe('422 validation_failed');
    expect(await codeOf(await notes.ask(`${BASE}/17`))).toBe('422 validation_failed');
    expect(await codeOf(await notes.ask(`${BASE}?state=sad`))).toBe('422 validation_failed');
    expect(await codeOf(await notes.ask(`${BASE}/${newId()}`))).toBe('404 unknown_dead_letter');
    expect(await codeOf(await post(`/${newId()}/redrive`))).toBe('404 unknown_dead_letter');
  });
});
