import fs from 'node:fs';
import { AmiClient, AriClient } from '@troncal/ari';
import { createEdgeDatabase, EdgeRows, eventually, REALM, startAsterisk, startPostgres, type AsteriskServer, type PostgresServer } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RawSip } from '../test-kit/raw-sip.js';

let postgres: PostgresServer;
let rows: EdgeRows;
let edge: AsteriskServer;
const phones: RawSip[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  const database = await createEdgeDatabase(postgres);
  rows = new EdgeRows(database);
  await rows.tenant('demo');
  await rows.endpoint('demo', '201', 'secret-201');
  edge = await startAsterisk({ database, realm: REALM });
});
afterAll(async () => {
  await rows?.close();
  await edge?.stop();
  await postgres?.stop();
});
afterEach(() => {
  for (const phone of phones.splice(0)) phone.close();
});

async function phone(user: string, password?: string, from?: string): Promise<RawSip> {
  const opened = await RawSip.open({ port: edge.sipPort, user, ...(password === undefined ? {} : { password }), ...(from === undefined ? {} : { from }) });
  phones.push(opened);
  return opened;
}

const registers = async (user: string, password: string): Promise<number> => (await (await phone(user, password)).register()).status;

describe('phones from PostgreSQL', () => {
  it('start with a log in which nothing is wrong', () => {
    const complaints = edge.log().split('\n').filter((line) => /\b(WARNING|ERROR)\[/.test(line));
    expect(complaints).toEqual([]);
  });

  it('register with the password whose digest is in the row', async () => {
    expect(await registers('demo_201', 'secret-201')).toBe(200);
  });

  it('are listed for the gateway, with where they are', async () => {
    const ami = new AmiClient({ address: edge.ami, onFault: () => {} });
    ami.start();
    await eventually('AMI is there', () => ami.state === 'connected');
    await registers('demo_201', 'secret-201');
    const contacts = await ami.list('PJSIPShowContacts');
    ami.close();
    expect(contacts.map((contact) => [contact.get('Endpoint'), contact.get('Uri')?.replace(/:\d+$/, '')])).toEqual([['demo_201', 'sip:demo_201@127.0.0.1']]);
  });

  it('register right after their row was added, with no reload', async () => {
    expect(await registers('demo_202', 'secret-202')).toBe(401);
    await rows.endpoint('demo', '202', 'secret-202');
    expect(await registers('demo_202', 'secret-202')).toBe(200);
  });

  it('are refused with a wrong password just as a user who doesn’t exist, so that nobody learns who exists', async () => {
    const shape = (text: string): string[] =>
      text.split('\r\n').map((line) => line.replace(/(nonce|opaque)="[^"]*"/g, '$1').replace(/^(Via|From|To|Call-ID|CSeq):.*/, '$1'));
    const [wrong, unknown] = await Promise.all([(await phone('demo_201', 'wrong')).register(), (await phone('demo_999', 'wrong')).register()]);
    expect(wrong.status).toBe(401);
    expect(shape(unknown.text)).toEqual(shape(wrong.text));
  });

  it('lose an old password at once when it is changed, and everything when they are removed', async () => {
    await rows.endpoint('demo', '203', 'old');
    expect(await registers('demo_203', 'old')).toBe(200);
    await rows.password('demo_203', 'new');
    expect(await registers('demo_203', 'old')).toBe(401);
    expect(await registers('demo_203', 'new')).toBe(200);
    await rows.remove('demo_203');
    expect(await registers('demo_203', 'new')).toBe(401);
  });

  it('are the only ones who may call: a stranger is challenged, whatever he dials', async () => {
    for (const dialled of ['100', '201', '*43', '+56225550100']) expect((await (await phone('stranger')).invite(dialled)).status).toBe(401);
    expect((await (await phone('demo_201', 'wrong')).invite('*43')).status).toBe(401);
  });

  it('keep their registration over Asterisk’s death', { timeout: 60_000 }, async () => {
    const here = await phone('demo_204', 'secret-204');
    await rows.endpoint('demo', '204', 'secret-204');
    expect((await here.register()).status).toBe(200);
    // Its SQLite is written once a second; what isn't there yet, a kill -9 forgets.
    const store = `${edge.values.dirs.state}/lib/astdb.sqlite3`;
    // With a journal beside it the transaction isn't committed, whatever the file holds.
    await eventually('the registration is on disk', () => fs.readFileSync(store).includes('demo_204') && !fs.existsSync(`${store}-journal`));
    await edge.kill();
    await edge.restart();
    const ari = new AriClient({ address: edge.ari, app: 'registration-spec', onFault: () => {} });
    await eventually('Asterisk counts it as online', async () => (await ari.endpoints.get({ tech: 'PJSIP', resource: 'demo_204' })).state === 'online', 30_000);
    ari.close();
  });
});

describe('with PostgreSQL killed', () => {
  it('phones and trunks that were in use go on, wrong passwords stay wrong, and afterwards all is as before', async () => {
    await rows.trunk('carrier-1', '127.0.0.9');
    await rows.endpoint('demo', '211', 'secret-211');
    await rows.endpoint('demo', '212', 'secret-212');
    const [one, two, carrier] = [await phone('demo_211', 'secret-211'), await phone('demo_212', 'secret-212'), await phone('carrier', undefined, '127.0.0.9')];
    await one.register();
    await two.register();
    expect((await carrier.invite('*43')).status).toBe(404);

    await postgres.kill();
    for (let round = 0; round < 2; round += 1) {
      expect((await one.register()).status).toBe(200);
      expect(await registers('demo_211', 'wrong')).toBe(401);
      const [invite, answer] = await Promise.all([two.answer(), one.invite('212')]);
      expect(answer.status).toBe(200);
      expect(invite).toContain('From: "Phone 211 x y" <sip:211@');
      await one.bye();
      await two.untilBye();
    }
    // 404 and not 401: it is still known as a trunk, which may not dial a phone's codes.
    expect((await carrier.invite('*43')).status).toBe(404);

    await postgres.restart();
    await rows.endpoint('demo', '213', 'secret-213');
    await eventually('a new phone registers again', async () => (await registers('demo_213', 'secret-213')) === 200);
  });
});
