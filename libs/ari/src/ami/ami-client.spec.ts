import { eventually, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AmiClient, AmiError, AriClient, type AmiMessage } from '../index.js';

let edge: AsteriskServer;
const closers: (() => void)[] = [];

beforeAll(async () => {
  edge = await startAsterisk();
});
afterAll(async () => {
  await edge.stop();
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function connect(password = edge.ami.password, faults: string[] = []): Promise<AmiClient> {
  const client = new AmiClient({ address: { ...edge.ami, password }, onFault: (fault) => faults.push(fault.message) });
  closers.push(() => client.close());
  client.start();
  await eventually('an end of the login', () => client.state === 'connected' || faults.length > 0);
  return client;
}

describe('an AMI client at a real Asterisk', () => {
  it('acts, and gets lists, each with its own answer', async () => {
    const client = await connect();
    const [pong, members, pong2] = await Promise.all([client.action('Ping'), client.list('QueueSummary'), client.action('Ping')]);
    expect(pong.get('Ping')).toBe('Pong');
    expect(members).toEqual([]);
    expect(pong2.get('Response')).toBe('Success');
  });

  it('hears the user events of the dialplan', async () => {
    const client = await connect();
    const events: AmiMessage[] = [];
    client.onEvent((event) => events.push(event));
    const ari = new AriClient({ address: edge.ari, app: 'ami-spec', onFault: () => {} });
    closers.push(() => ari.close());
    ari.start();
    await ari.connected(20_000);
    await ari.channels.originate({ endpoint: 'Local/demo_people@queues/n', app: 'ami-spec', variables: { TRONCAL_CALL: '0b5c0a52-3c4f-4a8e-9d0e-000000000001' } });
    const left = await eventually('the far half leaves a queue that isn’t there', () => events.find((event) => event.event === 'UserEvent' && event.get('UserEvent') === 'TroncalQueueLeft'));
    expect(left.get('Queue')).toBe('demo_people');
    expect(left.get('Call')).toBe('0b5c0a52-3c4f-4a8e-9d0e-000000000001');
  });

  it('may list contacts and queues, and may not originate, redirect, run commands or write files', async () => {
    const client = await connect();
    for (const [action, fields] of [
      ['Originate', { Channel: 'Local/*43@internal', Application: 'Echo' }],
      ['Command', { Command: 'core show version' }],
      ['Redirect', { Channel: 'x', Context: 'internal', Exten: '*43', Priority: '1' }],
      ['UpdateConfig', { SrcFilename: 'ari.conf', DstFilename: 'ari.conf' }],
    ] as const) {
      await expect(client.action(action, fields)).rejects.toThrow(/permission denied/i);
    }
    // What it does need.
    for (const action of ['PJSIPShowContacts', 'QueueStatus']) expect(JSON.stringify(await client.list(action).catch(String))).not.toMatch(/permission/i);
  });

  it('sends no value that holds a line end', async () => {
    const client = await connect();
    await expect(client.action('Ping', { Note: 'x\r\nAction: Originate' })).rejects.toThrow(AmiError);
  });

  it('says so when the secret is wrong', async () => {
    const faults: string[] = [];
    const client = await connect('wrong', faults);
    expect(faults[0]).toContain('Authentication failed');
    await expect(client.action('Ping')).rejects.toMatchObject({ code: 'ami_unreachable', retryable: true });
  });

  it('logs in again after Asterisk’s death', async () => {
    const client = await connect();
    const states: string[] = [];
    client.onState(({ state }) => states.push(state));
    await edge.kill();
    await eventually('the loss is seen', () => states.includes('lost'));
    await edge.restart();
    await eventually('it is back', () => client.state === 'connected', 20_000);
    expect((await client.action('Ping')).get('Ping')).toBe('Pong');
  });
});
