import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { edgeListSchema, type EdgeState } from '@troncal/contracts';
import { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { troncal } from './cli.js';
import { LauncherProcess, runLauncher } from './launcher-process.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-edges-'));
const stateDir = path.join(folder, 'state');
const phones: SipPhone[] = [];
let launcher: LauncherProcess;

beforeAll(async () => {
  launcher = LauncherProcess.start(stateDir, ['--edges', '2', '--gateways', '2']);
  await launcher.ready();
}, 120_000);
afterAll(async () => {
  for (const phone of phones) await phone.close();
  await launcher?.end('SIGTERM');
  await runLauncher(['reset', '--state-dir', stateDir]);
  fs.rmSync(folder, { recursive: true, force: true });
});

/** As `troncal edges list` tells them. */
async function edges(): Promise<EdgeState[]> {
  const { code, out, err } = await troncal(stateDir, 'edges', 'list', '-o', 'json');
  if (code !== 0) throw new Error(err);
  return edgeListSchema.shape.edges.parse(JSON.parse(out));
}

async function phone(extension: string, edgeId: string): Promise<SipPhone> {
  const { demo, edges: places } = launcher.state;
  const [account, place] = [demo?.accounts[extension], places.find((each) => each.edgeId === edgeId)];
  if (!account || !place) throw new Error(`no account ${extension}, or no ${edgeId}`);
  const opened = await SipPhone.open({ bindAddress: '127.0.0.1', user: account.sipUser, password: account.password, registrar: place.sip });
  phones.push(opened);
  await eventually(`${extension} registers at ${edgeId}`, async () => (await opened.register()).expiresS > 0, 15_000);
  return opened;
}

describe('npm start -- --edges 2 --gateways 2', () => {
  it('has each edge in the hands of one gateway; killed, it is followed by the other, and who talks at an edge goes on', async () => {
    const before = await edges();
    expect(before.map(({ edgeId, state }) => `${edgeId} ${state}`)).toEqual(['edge-1 connected', 'edge-2 connected']);
    const holder = before[1]?.holder ?? '';
    expect(launcher.state.processes.map(({ name }) => name)).toEqual(expect.arrayContaining(['ari-gateway', 'ari-gateway-2', 'asterisk', 'asterisk-2', holder]));

    const [caller, called] = [await phone('202', 'edge-2'), await phone('203', 'edge-2')];
    const rings = called.nextCall({ timeoutMs: 20_000 });
    const call = await caller.call('203');
    const answering = await rings;
    await answering.answer();
    await call.answered();

    await launcher.killAndHold(holder);
    const after = await eventually('the other gateway owns all', async () => {
      const now = await edges();
      return now.every((edge) => edge.state === 'connected' && edge.holder !== holder) ? now : undefined;
    }, 30_000);
    expect(after.map(({ epoch }) => epoch)).toEqual(before.map((edge) => edge.epoch + (edge.holder === holder ? 1 : 0)));
    const played = call.playTone(650, 2_000);
    await answering.heard.waitForTone(650, { timeoutMs: 8_000 });
    await played;
    expect(after[1]?.liveCalls).toBe(1);
    await call.hangup();
    await answering.ended();
    await eventually('its end is known', async () => (await edges())[1]?.liveCalls === 0);
    await launcher.release(holder);
  }, 120_000);
});
