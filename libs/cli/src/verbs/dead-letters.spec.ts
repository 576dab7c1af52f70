import { deadLetterWithBodySchema, type DeadLetterWithBody } from '@troncal/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalApi, problem } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const letter = (id: string, fields: Partial<DeadLetterWithBody> = {}): DeadLetterWithBody =>
  deadLetterWithBodySchema.parse({
    deadLetterId: id, service: 'ticketing', handler: 'on-queue-left', tenant: 'demo', eventType: 'QueueLeft.v1', eventId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', subject: 'evt.demo.calls.QueueLeft.v1',
    stream: 'EVT_CALLS', streamSequence: 17, state: 'waiting', code: 'unknown_queue', error: 'There is no such queue.', tries: 2, obstacle: null,
    publishedAt: '2026-11-21T14:02:11.000Z', givenUpAt: '2026-11-21T14:02:12.000Z', settledAt: null,
    history: [{ at: '2026-11-21T14:05:00.000Z', by: 'admin', act: 'redrive', outcome: 'failed', code: 'unknown_queue', error: 'There is no such queue.' }],
    headers: {}, body: '{"type":"QueueLeft.v1","data":{"queue":"people"}}', ...fields,
  });
const OLD = letter('01K9ZQ4W2M6T8N0B3C5D7E9F1A');
const NEW = letter('01K9ZQ4W2M6T8N0B3C5D7E9F1B', { service: 'collections-dialer', handler: 'calls', eventId: null, eventType: 'CallStarted.v1', obstacle: 'not JSON', body: 'no json\u001b[2J {' });

describe('dead letters', () => {
  let api: LocalApi;
  let pbxAnswers: () => ReturnType<typeof problem>;
  const none = { body: { deadLetters: [] } };
  const refused = problem(409, 'redrive_failed', 'redrive failed', 'Handling it failed again: There is no such queue. (unknown_queue). The letter waits on.');
  beforeAll(async () => {
    api = await LocalApi.open({
      'GET /api/dead-letters/ticketing': { body: { deadLetters: [OLD] } },
      'GET /api/dead-letters/collections-dialer': { body: { deadLetters: [NEW] } },
      'GET /api/dead-letters/provisioning': none,
      'GET /api/dead-letters/ari-gateway': none,
      'GET /api/dead-letters/realtime-voice': none,
      'GET /api/dead-letters/pbx-adapters': () => pbxAnswers(),
      [`GET /api/dead-letters/ticketing/${OLD.deadLetterId}`]: { body: OLD },
      [`GET /api/dead-letters/collections-dialer/${NEW.deadLetterId}`]: { body: NEW },
      [`POST /api/dead-letters/ticketing/${OLD.deadLetterId}/redrive`]: { body: { ...OLD, state: 'redriven' } },
      [`POST /api/dead-letters/collections-dialer/${NEW.deadLetterId}/redrive`]: refused,
      [`POST /api/dead-letters/ticketing/${OLD.deadLetterId}/discard`]: { body: { ...OLD, state: 'discarded' } },
    });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    pbxAnswers = () => none;
  });
  const posted = (): string[] => api.asked.filter(({ method }) => method === 'POST').map(({ url }) => url.replace('/api/dead-letters/', ''));

  it('list those of all services, the newest first, and those that can only be discarded', async () => {
    const { code, out } = await api.troncal('dead-letters', 'list', '--tenant', 'DEMO', '--since', '2026-11-21T00:00:00Z');
    expect(code).toBe(EXIT.ok);
    const [, first, second] = out.split('\n');
    expect(first).toMatch(/^\S+1B +collections-dialer +calls +demo +CallStarted\.v1 .* 2 +unreadable +unknown_queue: There is no such queue\.$/);
    expect(second).toMatch(/^\S+1A +ticketing +on-queue-left .* waiting /);
    expect(api.asked.at(-1)?.url).toContain('tenant=demo&state=waiting&since=2026-11-21T00%3A00%3A00.000Z&limit=50');
  });

  it('list tells which service could not be asked, and shows the others', async () => {
    pbxAnswers = () => problem(503, 'service_away', 'Service away', 'pbx-adapters can’t be reached.');
    const { code, out, err } = await api.troncal('dead-letters', 'list');
    expect([code, out.split('\n').length]).toEqual([EXIT.unreachable, 4]);
    expect(err).toContain('pbx-adapters can’t be reached.');
  });

  it('show finds it wherever it is, with the event and what was done; nothing in it reaches the terminal raw', async () => {
    const { code, out } = await api.troncal('dead-letters', 'show', OLD.deadLetterId.toLowerCase());
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/redrive by admin: failed \(unknown_queue: There is no such queue\.\)\n\nThe message\n\{\n {2}"type": "QueueLeft\.v1"/);
    expect((await api.troncal('dead-letters', 'show', NEW.deadLetterId)).out).toMatch(/redriving +not JSON\n[^]*The message\nno json \[2J \{\n$/);
    expect((await api.troncal('dead-letters', 'show', '01K9ZQ4W2M6T8N0B3C5D7E9F1C')).code).toBe(EXIT.notFound);
  });

  it('redrive one', async () => {
    expect(await api.troncal('dead-letters', 'redrive', OLD.deadLetterId)).toMatchObject({ code: EXIT.ok, out: `${OLD.deadLetterId} took effect\n` });
    const failed = await api.troncal('dead-letters', 'redrive', NEW.deadLetterId);
    expect(failed.code).toBe(EXIT.failed);
    expect(failed.err).toContain('Handling it failed again');
  });

  it('redrive all that fit, the oldest first, each told', async () => {
    const before = posted().length;
    const { code, out, err } = await api.troncal('dead-letters', 'redrive', '--all');
    expect([code, out]).toEqual([EXIT.failed, `${OLD.deadLetterId} took effect\n${NEW.deadLetterId} failed\n`]);
    expect(err).toContain('Handling it failed again');
    expect(posted().slice(before)).toEqual([`ticketing/${OLD.deadLetterId}/redrive`, `collections-dialer/${NEW.deadLetterId}/redrive`]);
  });

  it('discard with a reason', async () => {
    expect((await api.troncal('dead-letters', 'discard', OLD.deadLetterId, '--reason', 'a test')).out).toBe(`${OLD.deadLetterId} was discarded\n`);
    expect(api.asked.at(-1)?.body).toEqual({ reason: 'a test' });
  });

  it('are not touched without saying which', async () => {
    for (const argv of [['redrive'], ['discard', OLD.deadLetterId, '--all']]) expect((await api.troncal('dead-letters', ...argv)).code).toBe(EXIT.usage);
  });
});
