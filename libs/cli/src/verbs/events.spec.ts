import { CallStartedV1, DtmfReceivedV1, TenantCreatedV1, type Envelope, type EventDefinition } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import type { JetStreamPublisher } from '@troncal/messaging';
import { eventually, startNats, type NatsServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusPublishers } from '../../test/bus-publishers.js';
import { LocalApi, troncal, type Ran } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const CALL = '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';

describe('troncal events on a real bus', () => {
  let nats: NatsServer;
  let files: LocalApi;
  let publishers: BusPublishers;
  let calls: JetStreamPublisher;
  let tenants: JetStreamPublisher;

  beforeAll(async () => {
    nats = await startNats();
    publishers = new BusPublishers(nats);
    files = await LocalApi.open({});
    calls = await publishers.of('ari-gateway');
    tenants = await publishers.of('provisioning');
  });
  afterAll(async () => {
    await publishers.close();
    await files.close();
    await nats.stop();
  });

  const event = (definition: EventDefinition, at: Date, tenantid = 'demo'): Envelope => ({
    specversion: '1.0', id: newId(), type: definition.type, source: 'spec', time: at.toISOString(), subject: CALL, sequence: 1, tenantid, correlationid: CALL, datacontenttype: 'application/json',
    data: { ...(definition.example as object), ...(definition.domain === 'calls' && { callId: CALL }) },
  });
  const publish = (by: JetStreamPublisher, definition: EventDefinition, at: Date, tenant = 'demo'): Promise<unknown> => {
    const envelope = event(definition, at, tenant);
    return by.publish({ id: envelope.id, subject: definition.subjectFor(tenant), payload: JSON.stringify(envelope), headers: {} });
  };

  /** Runs the tail while `act` happens, and ends it by Ctrl-C when `enough` says so. What comes before it listens is read by `--since`. */
  async function tail(argv: readonly string[], act: () => Promise<unknown>, enough: (out: string) => boolean, password = 'observer'): Promise<Ran> {
    const interrupt = new AbortController();
    const env = { TRONCAL_NATS_URL: nats.url, TRONCAL_NATS_PASSWORD_FILE: files.file('nats', password) };
    let heard = '';
    const ran = troncal(['events', '--since', '1m', ...argv], env, interrupt.signal, (text) => (heard += text));
    await act();
    await Promise.race([ran, eventually('what was published', () => enough(heard), 20_000)]);
    interrupt.abort();
    return ran;
  }

  it('tells facts of several streams in their order, and only those asked for', async () => {
    const now = Date.now();
    const act = async (): Promise<void> => {
      // The later fact arrives first.
      await publish(calls, DtmfReceivedV1, new Date(now + 20), 'aromos');
      await publish(calls, CallStartedV1, new Date(now + 10), 'acme');
      await publish(tenants, TenantCreatedV1, new Date(now), 'aromos');
    };
    const { code, out } = await tail(['--tenant', 'aromos'], act, (heard) => heard.includes('pressed 0'));
    expect(code).toBe(EXIT.ok);
    expect(out.split('\n').map((line) => line.slice(9))).toEqual(['aromos the tenant Condominio Los Aromos (CL) exists from now on', 'aromos call 3f1f0a2b…: the caller pressed 0', '']);
  });

  it('gives the events themselves, one per line, for programs', async () => {
    const { out, err } = await tail(['--json', '--call', '3f1f0a2b', '--domain', 'calls'], () => publish(calls, CallStartedV1, new Date()), (heard) => heard.includes('CallStarted.v1'));
    expect(out.trim().split('\n').map((line) => (JSON.parse(line) as Envelope).correlationid)).toContain(CALL);
    expect(err).toBe('');
  });

  it('says with 4 that the bus does not know us', async () => {
    const { code, err } = await tail([], () => Promise.resolve(), () => false, 'guessed');
    expect(code).toBe(EXIT.refused);
    expect(err).toContain('refused us');
  });
});
