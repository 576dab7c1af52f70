import dgram from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EdgeValues } from '@troncal/asterisk';
import type { EdgeSettings } from './settings.js';

/** Why no phone could reach this edge; undefined when its SIP port is free. Asterisk itself only logs it, and runs on. */
export async function sipPortTaken({ SIP_BIND: bind, SIP_PORT: port }: EdgeSettings): Promise<string | undefined> {
  const socket = dgram.createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind({ address: bind, port, exclusive: true }, resolve));
    return undefined;
  } catch (error) {
    return `SIP can't be served at ${bind}:${port}: ${(error as Error).message}. Set SIP_PORT, or SIP_BIND, to one that is free.`;
  } finally {
    socket.close();
  }
}

/** Says so once ARI answers; until then whoever started the edge sees nothing of it. */
export async function tellWhenUp(settings: EdgeSettings, { ari, sip }: Pick<EdgeValues, 'ari' | 'sip'>, version: string): Promise<void> {
  const host = ari.bind === '0.0.0.0' ? '127.0.0.1' : ari.bind;
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  for (;;) {
    const response = await fetch(`http://${host}:${ari.port}/ari/asterisk/ping`, { headers: { authorization }, signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    if (response?.status === 200) break;
    await sleep(200);
  }
  const { EDGE_ID: edge, SIP_BIND: bind, SIP_PORT: port, MEDIA_URL: media } = settings;
  console.log(`Asterisk ${version} runs as edge ${edge}: SIP on ${bind}:${port}${sip.tls ? ` and by TLS on ${sip.tls.port}` : ', not by TLS: there is no certificate'}, ARI on ${ari.bind}:${ari.port}, media at ${media}. Who owns it: troncal edges list`);
}
