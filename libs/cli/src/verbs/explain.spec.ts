import { CallEndedV1, CallRefusedV1, CallStartedV1, callPageSchema, callWithTimelineSchema, EdgeConnectedV1, TicketOpenedV1, type Envelope, type EventDefinition } from '@troncal/contracts';
import { newCallId, newId } from '@troncal/kernel';
import type { JetStreamPublisher } from '@troncal/messaging';
import { startNats, type NatsServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusPublishers } from '../../test/bus-publishers.js';
import { LocalApi, problem, troncal, type Ran } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const ENDED = newCallId();
const LIVE = newCallId();
const LOST = newCallId();
const REFUSED = newCallId();
const began = Date.now() - 60_000;

describe('troncal explain', () => {
  let nats: NatsServer;
  let api: LocalApi;
  let dead: LocalApi;
  let publishers: BusPublishers;

  const envelope = (definition: EventDefinition, callId: string, afterMs: number, sequence: number, data: object = {}, more: Partial<Envelope> = {}): Envelope => ({
    specversion: '1.0', id: newId(), type: definition.type, source: 'spec', time: new Date(began + afterMs).toISOString(), subject: callId, sequence, tenantid: 'demo', correlationid: callId, datacontenttype: 'application/json',
    data: { ...(definition.example as object), callId, ...data }, ...more,
  });
  const view = (callId: string, more: object) => ({
    callId, tenant: 'demo', direction: 'inbound', from: '+56225550101', to: '100', state: 'ended', at: 'ended', route: null, edgeId: 'edge-1', startedAt: new Date(began).toISOString(), answeredAt: null,
    endedAt: new Date(began + 9_000).toISOString(), disposition: 'answered', cause: 16, legs: [], recordings: [], ...more,
  });
  const entryOf = ({ id, type, source, time, data }: Envelope) => ({ eventId: id, type, source, time, data: data as Record<string, unknown> });

  beforeAll(async () => {
    nats = await startNats();
    publishers = new BusPublishers(nats);
    const [gateway, ticketing] = [await publishers.of('ari-gateway'), await publishers.of('ticketing')];
    const send = (by: JetStreamPublisher, definition: EventDefinition, event: Envelope): Promise<void> => by.publish({ id: event.id, subject: definition.subjectFor(event.tenantid), payload: JSON.stringify(event), headers: {} });
    const start = envelope(CallStartedV1, ENDED, 0, 1);
    const end = envelope(CallEndedV1, ENDED, 9_000, 2, { recovered: true });
    await send(gateway, CallStartedV1, start);
    await send(gateway, EdgeConnectedV1, envelope(EdgeConnectedV1, 'edge-1', 8_000, 1, { edgeId: 'edge-1' }, { tenantid: '_', correlationid: 'edge-1' }));
    await send(gateway, CallEndedV1, end);
    // By ticketing's clock before its cause.
    await send(ticketing, TicketOpenedV1, envelope(TicketOpenedV1, ENDED, 8_500, 1, {}, { subject: 't1', causationid: end.id, source: 'ticketing' }));
    await send(gateway, CallStartedV1, envelope(CallStartedV1, LOST, 10_000, 1));
    await send(gateway, CallRefusedV1, envelope(CallRefusedV1, REFUSED, 20_000, 1));
    api = await LocalApi.open({
      'GET /api/calls': { body: callPageSchema.parse({ calls: [view(LIVE, { state: 'answered', at: 'agent', endedAt: null, disposition: null, cause: null }), view(ENDED, {})] }) },
      [`GET /api/calls/${ENDED}`]: { body: callWithTimelineSchema.parse({ ...view(ENDED, {}), timeline: [entryOf(start), entryOf(end)] }) },
      [`GET /api/calls/${LIVE}`]: { body: callWithTimelineSchema.parse({ ...view(LIVE, { state: 'answered', at: 'agent', endedAt: null, disposition: null, cause: null }), timeline: [entryOf(envelope(CallStartedV1, LIVE, 0, 1))] }) },
    });
    const away = problem(503, 'service_away', 'Service away', 'ari-gateway can’t be reached.');
    dead = await LocalApi.open(Object.fromEntries(['', `/${LOST}`, `/${REFUSED}`].map((end) => [`GET /api/calls${end}`, away])));
  });
  afterAll(async () => {
    await publishers.close();
    await Promise.all([api.close(), dead.close()]);
    await nats.stop();
  });

  const explain = (of: LocalApi, argv: readonly string[], bus = true): Promise<Ran> =>
    troncal(['explain', ...argv, '--url', of.url, '--key-file', of.keyFile], bus ? { TRONCAL_NATS_URL: nats.url, TRONCAL_NATS_PASSWORD_FILE: of.file('nats', 'observer') } : {});

  it('tells the whole story from the API and the bus, in causal order, with its trace', async () => {
    const { code, out } = await explain(api, [ENDED]);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain(`trace ${ENDED.replaceAll('-', '')}`);
    expect(out).toMatch(/from \S+ to 100 began\n.*the exchange edge-1 .*is connected.*\n.* ended after .*\n.*ticket 17 was opened/);
    expect(out).toContain('the end was found afterwards: the gateway was away');
    expect(out).not.toContain('+56225550101');
  });

  it.each([['the end', () => ENDED.slice(-6)], ['the beginning', () => ENDED.slice(0, 8)]])('finds a call by %s of its id', async (_, part) => {
    const { out } = await explain(api, [part(), '--json']);
    expect(JSON.parse(out)).toMatchObject({ callId: ENDED, traceId: ENDED.replaceAll('-', ''), outcome: { endedBy: 'caller', cause: 16 }, findings: [{ code: 'gateway_was_away' }, { code: 'edge_gap', ms: null }] });
  });

  it('tells of a call that is live, the last one', async () => {
    const { out } = await explain(api, ['last', '--lang', 'es']);
    expect(out).toContain(LIVE);
    expect(out).toContain('la llamada sigue en curso, en agent');
  });

  it('says what it could not read, without a bus', async () => {
    const { code, out } = await explain(api, [ENDED], false);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('the bus was not read');
  });

  it.each([['its id', () => LOST], ['its end', () => LOST.slice(-8)]])('tells of a call whose gateway is away from the bus, by %s', async (_, part) => {
    const { code, out } = await explain(dead, [part()]);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain(LOST);
    expect(out).toMatch(/whether it has ended is not known.*\n.*the API could not be asked/);
  });

  it('tells why a call was refused, which the list of calls does not hold', async () => {
    const { out } = await explain(api, [REFUSED]);
    expect(out).toContain('was refused: nobody has this number (cause 1)');
    expect(out).toContain('no tenant has this number: assign it');
    expect(JSON.parse((await explain(api, [REFUSED, '-o', 'json'])).out)).toMatchObject({ outcome: { disposition: 'refused', reason: 'unknown_number' } });
  });

  it('says clearly that there is no such call, and that nothing answers', async () => {
    const unknown = await explain(api, [newCallId()]);
    expect(unknown).toMatchObject({ code: EXIT.notFound });
    expect((await explain(api, ['zebra'])).code).toBe(EXIT.usage);
    const away = await explain(dead, [LOST], false);
    expect(away.code).toBe(EXIT.unreachable);
    expect(away.err).toContain('Service away');
  });
});
