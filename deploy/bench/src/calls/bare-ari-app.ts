/**
 * The least an ARI application can be: answers each call that enters and does nothing else. One socket for events, kept-alive HTTP for commands.
 * A program of its own, so that its cost can be told from the caller's.
 */
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';

const [host = '', port = '', user = '', password = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const socket = new WebSocket(`ws://${host}:${port}/ari/events?app=troncal&api_key=${user}:${password}`);

socket.on('message', (data: Buffer) => {
  const event = JSON.parse(data.toString()) as { readonly type: string; readonly channel?: { readonly id: string } };
  if (event.type !== 'StasisStart' || !event.channel) return;
  const answered = request({ host, port, agent, method: 'POST', path: `/ari/channels/${event.channel.id}/answer`, auth: `${user}:${password}` }, (response) => response.resume());
  // The caller may have gone; the table shows what was answered.
  answered.on('error', () => {});
  answered.end();
});
socket.on('open', () => process.send?.('ready'));
socket.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
process.on('disconnect', () => process.exit(0));
