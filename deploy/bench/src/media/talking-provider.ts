import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { agesOf, everyFrame, stampFrame } from './stamped-frame.js';

const FRAMES_PER_DELTA = 5;

/** A provider that says something to everybody all the time, in deltas of 100 ms, and measures how old the caller’s audio arrives. */
export interface TalkingProvider {
  readonly url: string;
  /** Ages of the callers’ frames since the last call, in ms. */
  takeAges(): number[];
  close(): Promise<void>;
}

/** Starts it; only as much of the GA Realtime protocol as a session that never ends needs. */
export async function startTalkingProvider(): Promise<TalkingProvider> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const talking = new Set<WebSocket>();
  let ages: number[] = [];
  const send = (socket: WebSocket, event: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
  };
  server.on('connection', (socket) => {
    send(socket, { type: 'session.created', session: { type: 'realtime', id: 'sess_bench' } });
    socket.on('error', () => {});
    socket.on('close', () => talking.delete(socket));
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString()) as { type: string; audio?: string; session?: object };
      if (event.type === 'input_audio_buffer.append') ages.push(...agesOf(Buffer.from(event.audio ?? '', 'base64')));
      if (event.type !== 'session.update') return;
      send(socket, { type: 'session.updated', session: event.session });
      send(socket, { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } });
      send(socket, { type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item: { id: 'item_1', type: 'message', role: 'assistant', content: [] } });
      send(socket, { type: 'response.content_part.added', response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0, part: { type: 'audio' } });
      talking.add(socket);
    });
  });
  let frame = 0;
  const stop = everyFrame(() => {
    frame++;
    let turn = 0;
    // Callers are spread over the 100 ms, as they are in life.
    for (const socket of talking)
      if ((turn++ + frame) % FRAMES_PER_DELTA === 0) {
        const delta = Buffer.concat(Array.from({ length: FRAMES_PER_DELTA }, stampFrame)).toString('base64');
        send(socket, { type: 'response.output_audio.delta', response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0, delta });
      }
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime`,
    takeAges: () => {
      const taken = ages;
      ages = [];
      return taken;
    },
    close: async () => {
      stop();
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
