import { QueueLeftV1, TicketOpenedV1, type ContactView, type TicketView } from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { SipPhone } from '@troncal/sip-phone';
import { eventually, openStack, TenantFixture, type Stack } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Nobody is logged in to the queue, so the caller is told so. */
const NOBODY = { say: { es: 'Nadie puede atenderle ahora.' } };

describe('a call that nobody takes', () => {
  let stack: Stack;
  let tenant: TenantFixture;
  let phone: SipPhone;
  let tail: Tail;
  const seen: SeenEvent[] = [];

  beforeAll(async () => {
    stack = await openStack();
    const { nats, sip } = await stack.state();
    if (!sip) throw new Error('This suite needs Asterisk: start the stack with it.');
    tail = await tailEvents({ url: nats.url, ...nats.observer }, (event) => seen.push(event), { domains: ['calls', 'tickets'] });
    await tail.started;
    tenant = await TenantFixture.create(stack.api, 'missed-');
    await tenant.route('people', {
      name: 'People',
      extension: '200',
      start: 'people',
      nodes: { people: { kind: 'queue', queue: 'people', timeoutMs: 5_000, onTimeout: 'nobody' }, nobody: { kind: 'hangup', prompt: NOBODY } },
    });
    const { sipUser, password } = await tenant.endpoint('202');
    phone = await SipPhone.open({ bindAddress: '127.0.0.1', user: sipUser, password, registrar: { host: sip.host, port: sip.port } });
    // The edge learns of the endpoint by its event, without a reload.
    await eventually('the phone registers', async () => (await phone.register()).expiresS > 0, 15_000);
  });
  afterAll(async () => {
    await phone?.close();
    await tenant?.remove();
    await tail?.stop();
  });

  const mine = (type: string): SeenEvent | undefined => seen.find(({ envelope }) => envelope.tenantid === tenant.code && envelope.type === type);

  it('is told so, and leaves a ticket and a contact behind', async () => {
    const call = await phone.call('200');
    await call.answered({ timeoutMs: 15_000 });
    const end = await call.ended({ timeoutMs: 30_000 });
    expect(end.by).toBe('remote');

    const ticketEvent = await eventually('the ticket is told of', () => mine(TicketOpenedV1.type));
    const opened = TicketOpenedV1.read(ticketEvent.envelope);
    const left = QueueLeftV1.read((mine(QueueLeftV1.type) as SeenEvent).envelope);
    expect(['no_members', 'timeout']).toContain(left.data.outcome);
    expect(opened).toMatchObject({ correlationid: left.data.callId, causationid: left.id, data: { callId: left.data.callId, reason: 'missed_call', number: 1, from: '202' } });

    const { tickets } = await stack.api.expect<{ tickets: TicketView[] }>('GET', `/api/tickets?tenant=${tenant.code}`);
    expect(tickets).toEqual([expect.objectContaining({ ticketId: opened.data.ticketId, callId: left.data.callId, queue: 'people', outcome: left.data.outcome, from: '202', state: 'open' })]);

    const contact = await eventually('the ledger has the call', async () => {
      const { contacts } = await stack.api.expect<{ contacts: ContactView[] }>('GET', `/api/contacts?tenant=${tenant.code}`);
      return contacts.find((one) => one.disposition !== null);
    });
    expect(contact).toMatchObject({ callId: left.data.callId, party: '200', direction: 'internal' });
  });
});
