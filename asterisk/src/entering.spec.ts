import { AriClient, type StasisStart } from '@troncal/ari';
import { createEdgeDatabase, EdgeRows, eventually, REALM, sharedPostgres, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RawSip } from '../test-kit/raw-sip.js';

let rows: EdgeRows;
let edge: AsteriskServer;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  const database = await createEdgeDatabase(await sharedPostgres());
  rows = new EdgeRows(database);
  await rows.tenant('demo');
  await rows.endpoint('demo', '201', 'secret', ['people']);
  await rows.endpoint('demo', '202', 'secret');
  await rows.number('+56225550100', 'demo');
  await rows.trunk('carrier', '127.0.0.8');
  edge = await startAsterisk({ database, realm: REALM });
});
afterAll(async () => {
  await rows?.close();
  await edge?.stop();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function phone(user: string, from?: string): Promise<RawSip> {
  const opened = await RawSip.open({ port: edge.sipPort, user, ...(from === undefined ? { password: 'secret' } : { from }) });
  closers.push(() => opened.close());
  if (from === undefined) await opened.register();
  return opened;
}

async function gateway(): Promise<{ ari: AriClient; entered: StasisStart[] }> {
  const ari = new AriClient({ address: edge.ari, app: 'troncal', onFault: () => {} });
  const entered: StasisStart[] = [];
  ari.on('StasisStart', (event) => entered.push(event));
  closers.push(() => leave(ari));
  ari.start();
  await ari.connected(20_000);
  return { ari, entered };
}

/** Until Asterisk has noticed: a next client that connects in that very moment may lose the application to the closing of this one (22.10, ApplicationWatch). */
async function leave(ari: AriClient): Promise<void> {
  ari.close();
  const witness = new AriClient({ address: edge.ari, app: 'witness', onFault: () => {} });
  await eventually('the application is gone', async () => !(await witness.applications.list()).some(({ name }) => name === 'troncal'));
  witness.close();
}

const beat = (ari: AriClient, secondsAgo: number): Promise<void> => ari.asterisk.setGlobalVar({ variable: 'TRONCAL_HEARTBEAT', value: String(Math.floor(Date.now() / 1000) - secondsAgo) });

describe('a call with the gateway there', () => {
  it('enters the application with its kind, what was dialled and the tenant', async () => {
    const { ari, entered } = await gateway();
    await beat(ari, 0);
    const [caller, carrier] = [await phone('demo_202'), await phone('carrier', '127.0.0.8')];
    const calls = [caller.invite('100'), carrier.invite('+56225550100')];
    await eventually('both entered', () => entered.length === 2);
    const args = Object.fromEntries(entered.map((event) => [event.args[1], event.args]));
    expect(args).toEqual({ internal: ['inbound', 'internal', '100', 'demo'], trunk: ['inbound', 'trunk', '+56225550100', ''] });
    const trunk = entered.find((event) => event.args[1] === 'trunk')?.channel.id ?? '';
    expect((await ari.channels.getChannelVar({ channelId: trunk, variable: 'TRUNK' })).value).toBe('carrier');
    for (const event of entered) await ari.channels.hangup({ channelId: event.channel.id, reason_code: '21' });
    // 21 = call rejected: the caller hears the gateway's own reason.
    for (const call of calls) expect((await call).header('Reason')).toBe('Q.850;cause=21');
  });

  it('reaches 404 by cause 1 when the gateway knows no such number', async () => {
    const { ari, entered } = await gateway();
    const caller = await phone('demo_202');
    const call = caller.invite('555');
    await eventually('it entered', () => entered.length === 1);
    await ari.channels.hangup({ channelId: entered[0]?.channel.id ?? '', reason_code: '1' });
    expect((await call).status).toBe(404);
  });

  it('is not given to a gateway whose heartbeat is old', async () => {
    const { ari, entered } = await gateway();
    await beat(ari, 10);
    const [caller, callee] = [await phone('demo_202'), await phone('demo_201')];
    const [, answer] = await Promise.all([callee.answer(), caller.invite('201')]);
    expect(answer.status).toBe(200);
    expect(entered).toEqual([]);
    await caller.bye();
    await callee.untilBye();
    await beat(ari, 0);
  });
});

describe('a gateway that is there and does not take its caller', () => {
  it('loses it to the fallback, which serves it within two seconds', async () => {
    const { ari, entered } = await gateway();
    await beat(ari, 0);
    const [caller, callee] = [await phone('demo_202'), await phone('demo_201')];
    const [, answer] = await Promise.all([callee.answer(), caller.invite('201')]);
    expect(answer.status).toBe(200);
    expect(entered).toHaveLength(1);
    await caller.bye();
    await callee.untilBye();
  });

  it('keeps one that it took, for as long as it likes', async () => {
    const { ari, entered } = await gateway();
    await beat(ari, 0);
    const caller = await phone('demo_202');
    const call = caller.invite('201');
    await eventually('it entered', () => entered.length === 1);
    const channelId = entered[0]?.channel.id ?? '';
    await ari.channels.setChannelVar({ channelId, variable: 'TIMEOUT(absolute)', value: '0' });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await ari.channels.get({ channelId })).dialplan.app_name).toBe('Stasis');
    await ari.channels.hangup({ channelId, reason_code: '17' });
    expect((await call).status).toBe(486);
  });
});

describe('a call without a gateway', () => {
  it('to a phone of the same tenant reaches it', async () => {
    const [caller, callee] = [await phone('demo_202'), await phone('demo_201')];
    const [invite, answer] = await Promise.all([callee.answer(), caller.invite('201')]);
    expect(answer.status).toBe(200);
    expect(invite).toContain('<sip:202@');
    await caller.bye();
    await callee.untilBye();
  });

  it.each(['100', '+56225550100'])('to %s is answered and offered to the tenant’s people, with audio', async (dialled) => {
    const member = await phone('demo_201');
    const ari = new AriClient({ address: edge.ari, app: 'look', onFault: () => {} });
    closers.push(() => ari.close());
    await eventually('the member is seen', async () => (await ari.endpoints.get({ tech: 'PJSIP', resource: 'demo_201' })).state === 'online');
    const caller = dialled === '100' ? await phone('demo_202') : await phone('carrier', '127.0.0.8');
    const [, answer] = await Promise.all([member.answer(), caller.invite(dialled)]);
    expect(answer.status).toBe(200);
    let sequence = 0;
    await eventually('the member hears the caller', () => {
      caller.speak((sequence += 1), 0x55);
      return member.heard.some((payload) => payload[0] === 0x55);
    });
    await caller.bye();
    await member.untilBye();
  });

  it('goes to the gateway when that comes back while the caller waits', { timeout: 60_000 }, async () => {
    const caller = await phone('carrier', '127.0.0.8');
    // Nobody's number: no queue, so only the prompt and the next try.
    expect((await caller.invite('+19995550100')).status).toBe(200);
    const { ari, entered } = await gateway();
    await beat(ari, 0);
    await eventually('the caller enters', () => entered.length === 1, 20_000);
    expect(entered[0]?.args).toEqual(['inbound', 'trunk', '+19995550100', '']);
    await caller.bye();
  });

  it('ends with a cause after the apology when nothing comes back', { timeout: 60_000 }, async () => {
    const caller = await phone('carrier', '127.0.0.8');
    expect((await caller.invite('+19995550100')).status).toBe(200);
    await caller.untilBye();
  });

  it('to *43 is an echo, and *99 ends by itself', async () => {
    const caller = await phone('demo_202');
    expect((await caller.invite('*43')).status).toBe(200);
    let sequence = 0;
    await eventually('its own voice comes back', () => {
      caller.speak((sequence += 1), 0x2a);
      return caller.heard.some((payload) => payload[0] === 0x2a);
    });
    await caller.bye();
    expect((await caller.invite('*99')).status).toBe(200);
    await caller.untilBye();
  });
});

describe('what a caller may dial', () => {
  it.each(['1%24%7BSHELL(id)%7D', '1%26PJSIP%2Fdemo_201', '2%2C1', '1%3Bx', '0%20', '1%22', '1)(', `1${'%24%7BEPOCH%7D'.repeat(5)}`, '100x'])('%s is refused before anything is done with it', async (dialled) => {
    const { entered } = await gateway();
    const caller = await phone('demo_202');
    expect([404, 484]).toContain((await caller.invite(dialled)).status);
    expect(entered).toEqual([]);
  });

  it('a trunk reaches no phone and no code by its extension', async () => {
    const carrier = await phone('carrier', '127.0.0.8');
    expect((await carrier.invite('*43')).status).toBe(404);
    expect((await carrier.invite('*99')).status).toBe(404);
  });
});
