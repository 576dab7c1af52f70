import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { AriClient } from '@troncal/ari';
import { eventually, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The little of ari-client 2.2.0 (untyped) that is used here. */
interface WitnessClient {
  on(type: string, listener: (event: Record<string, unknown>) => void): void;
  start(app: string): Promise<void>;
  stop(): void;
  applications: { subscribe(params: { applicationName: string; eventSource: string }): Promise<unknown> };
}
const witness = createRequire(import.meta.url)('ari-client') as { connect(url: string, user: string, password: string): Promise<WitnessClient> };

const WATCHED = ['StasisStart', 'ChannelVarset', 'ChannelDtmfReceived', 'ChannelEnteredBridge', 'ChannelLeftBridge', 'ChannelHangupRequest', 'ChannelDestroyed', 'BridgeCreated', 'BridgeDestroyed', 'StasisEnd'] as const;

let edge: AsteriskServer;
beforeAll(async () => {
  edge = await startAsterisk();
});
afterAll(async () => {
  await edge?.stop();
});

describe('an ARI client that nobody here wrote', () => {
  it('works at this edge and sees the same events as ours', async () => {
    const theirs: string[] = [];
    const ours: string[] = [];
    const client = await witness.connect(`http://127.0.0.1:${edge.ari.port}`, edge.ari.user, edge.ari.password);
    for (const type of WATCHED) client.on(type, (event) => theirs.push(fingerprint(event)));
    await client.start('witness');
    const ari = new AriClient({ address: edge.ari, app: 'ours', onFault: () => {} });
    for (const type of WATCHED) ari.on(type, (event) => ours.push(fingerprint({ ...event })));
    ari.start();
    await ari.connected(20_000);
    try {
      const [channelId, bridgeId] = [randomUUID(), randomUUID()];
      // The witness's application watches the same things from the first moment.
      await ari.bridges.createWithId({ bridgeId, type: 'mixing' });
      for (const applicationName of ['witness', 'ours']) await ari.applications.subscribe({ applicationName, eventSource: [`bridge:${bridgeId}`] });
      const entered = ari.whenChannelEnters(channelId, 15_000);
      await ari.channels.create({ channelId, endpoint: 'Local/*43@internal/n', app: 'ours' });
      await entered;
      for (const applicationName of ['witness', 'ours']) await ari.applications.subscribe({ applicationName, eventSource: [`channel:${channelId}`] });
      ours.length = 0;
      theirs.length = 0;
      await ari.channels.dial({ channelId });
      // Asterisk sends digits to a channel that is up, and answers dial before it is.
      await eventually('it has answered', async () => (await ari.channels.get({ channelId })).state === 'Up');
      await ari.channels.setChannelVar({ channelId, variable: 'COLOUR', value: 'verde' });
      await ari.bridges.addChannel({ bridgeId, channel: [channelId] });
      // Sent to the far half, which echoes it.
      await ari.channels.sendDTMF({ channelId, dtmf: '5' });
      await ari.bridges.removeChannel({ bridgeId, channel: [channelId] });
      await ari.channels.hangup({ channelId });
      await ari.bridges.destroy({ bridgeId });
      const shared = (seen: readonly string[]): string[] => seen.filter((line) => !line.startsWith('Stasis'));
      await eventually('both saw the end', () => [ours, theirs].every((seen) => seen.some((line) => line.startsWith('BridgeDestroyed')) && seen.some((line) => line.startsWith('ChannelDestroyed'))));
      expect(shared(theirs)).toEqual(shared(ours));
      expect(shared(ours).join(' ')).toMatch(/ChannelVarset.*ChannelEnteredBridge.*ChannelLeftBridge.*ChannelDestroyed/);
    } finally {
      client.stop();
      ari.close();
    }
  });
});

/** What an event says, without the name of the application it was sent to. */
function fingerprint(event: Record<string, unknown>): string {
  const id = (value: unknown): string => (typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '');
  return [event['type'], id(event['channel']), id(event['bridge']), event['variable'], event['value'], event['digit']].map((part) => (typeof part === 'string' ? part : '')).join('|');
}
