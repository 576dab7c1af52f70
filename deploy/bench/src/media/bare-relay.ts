import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * The bound: what any Node program that joins the two protocols must pay. Passes audio on and does nothing else: no turns, no
 * interruption, no transcript, no tools, no record.
 */
const provider = process.argv[2] ?? '';
const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false, handleProtocols: () => 'media' });

server.on('connection', (media) => {
  const realtime = new WebSocket(provider, { perMessageDeflate: false });
  realtime.on('open', () => realtime.send(JSON.stringify({ type: 'session.update', session: { type: 'realtime' } })));
  realtime.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString()) as { type: string; delta?: string };
    if (event.type === 'response.output_audio.delta') media.send(Buffer.from(event.delta ?? '', 'base64'));
  });
  media.on('message', (data: Buffer, isBinary) => {
    if (isBinary && realtime.readyState === WebSocket.OPEN) realtime.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: data.toString('base64') }));
  });
  media.on('close', () => realtime.terminate());
  for (const socket of [media, realtime]) socket.on('error', () => {});
});
http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));
