import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { edgeListSchema, type EdgeState } from '@troncal/contracts';
import { SipPhone } from '@troncal/sip-phone';
import { eventually, freePort } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EdgeByHand } from '../edge-by-hand.js';
import { troncal } from '../cli.js';
import { LauncherProcess, runLauncher } from '../launcher-process.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-edges-'));
const stateDir = path.join(folder, 'state');
const phones: SipPhone[] = [];
const started: EdgeByHand[] = [];
let launcher: LauncherProcess;

beforeAll(async () => {
  launcher = LauncherProcess.start(stateDir, ['--edges', '2', '--gateways', '2']);
  await launcher.ready();
}, 120_000);
afterAll(async () => {
  for (const phone of phones) await phone.close();
  for (const edge of started) await edge.kill();
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

/** A phone at an edge: one of the launcher's, or one at an address. */
async function phone(extension: string, at: string | { readonly host: string; readonly port: number }): Promise<SipPhone> {
  const { demo, edges: places } = launcher.state;
  const [account, registrar] = [demo?.accounts[extension], typeof at === 'string' ? places.find((each) => each.edgeId === at)?.sip : at];
  if (!account || !registrar) throw new Error(`no account ${extension}, or no ${JSON.stringify(at)}`);
  const opened = await SipPhone.open({ bindAddress: '127.0.0.1', user: account.sipUser, password: account.password, registrar });
  phones.push(opened);
  await eventually(`${extension} registers at ${JSON.stringify(at)}`, async () => (await opened.register()).expiresS > 0, 15_000);
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

  it('takes an Asterisk that a person declares by the CLI and starts from what that wrote; callers are served there, and it is let go of when removed', async () => {
    const [ari, ami, sip] = [await freePort(), await freePort(), await freePort()];
    const own = path.join(folder, 'own');
    const added = await troncal(stateDir, 'edges', 'add', 'own', '--ari', `http://127.0.0.1:${ari}`, '--ami-port', String(ami), '--folder', own);
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining(`npm run edge -- --folder ${own}`) as string });
    await eventually('it is shown as away, and no gateway is taken out of service for it', async () => {
      const { code, out } = await troncal(stateDir, 'status');
      return code === 0 && /ari-gateway +DEGRADED +declared-edges: Asterisk of edge own can't be reached/.test(out);
    }, 15_000);
    expect((await troncal(stateDir, 'edges', 'show', 'own')).out).toMatch(/^state +declared( \(unreachable\))?$/m);

    const edge = EdgeByHand.start(own, { SIP_BIND: '127.0.0.1', SIP_PORT: String(sip), DRAIN_SECONDS: '5' });
    started.push(edge);
    await eventually('a gateway owns it', async () => (await edges()).find(({ edgeId }) => edgeId === 'own')?.state === 'connected', 30_000);
    expect((await troncal(stateDir, 'edges', 'show', 'own')).out).toMatch(/^state +connected\nowner +ari-gateway(-2)?, epoch \d+\n/m);
    await eventually('it says where phones reach it', () => edge.output.includes(`runs as edge own: SIP on 127.0.0.1:${sip}`));

    const caller = await phone('202', { host: '127.0.0.1', port: sip });
    const call = await caller.call('100');
    await call.answered();
    await call.heard.waitForVoice({ timeoutMs: 15_000 });
    const live = async (): Promise<unknown> => JSON.parse((await troncal(stateDir, 'calls', 'list', '--live', '-o', 'json')).out);
    expect(await live()).toMatchObject([{ edgeId: 'own', from: '202', state: 'answered' }]);
    expect(await troncal(stateDir, 'edges', 'remove', 'own')).toMatchObject({ code: 1, err: expect.stringContaining('Calls are live on edge own') as string });
    expect(await live()).toMatchObject([{ edgeId: 'own', from: '202', state: 'answered' }]);
    await call.hangup();

    const removed = await eventually('it can be removed', async () => {
      const said = await troncal(stateDir, 'edges', 'remove', 'own');
      return said.code === 0 ? said : undefined;
    }, 15_000);
    expect(removed.out).toContain('no gateway holds its Asterisk any more');
    expect((await edges()).map(({ edgeId }) => edgeId)).toEqual(['edge-1', 'edge-2']);
    // Nobody of ours answers there any more: its own fallback does.
    const later = await caller.call('100');
    await later.answered();
    await later.hangup();
    expect((await edges()).map(({ edgeId, liveCalls }) => `${edgeId} ${liveCalls}`)).toEqual(['edge-1 0', 'edge-2 0']);
    expect(await edge.end()).toBe(0);
  }, 120_000);
});
