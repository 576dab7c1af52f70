import { createServer } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerControl, json, listen, type Listening } from './index.js';

let listening: Listening;
const said: string[] = [];

beforeEach(async () => {
  const server = createServer((request, response) => {
    answerControl(request, response, { 'GET /control/said': () => ({ said }), 'POST /control': (body) => void said.push((JSON.parse(body) as { say: string }).say) })
      .then((answered) => !answered && json(response, 200, { real: true }))
      .catch(() => response.destroy());
  });
  listening = await listen(server);
});
afterEach(() => listening.close());

const ask = async (path: string, body?: string) => {
  const answer = await fetch(`http://${listening.at}${path}`, body === undefined ? {} : { method: 'POST', body });
  return [answer.status, await answer.json()] as const;
};

describe('a simulator’s frame', () => {
  it('answers what is about the simulator, and leaves the rest to what it simulates', async () => {
    expect(await ask('/health')).toEqual([200, { simulated: true }]);
    expect(await ask('/control', '{"say":"hello"}')).toEqual([200, { simulated: true }]);
    expect(await ask('/control/said')).toEqual([200, { simulated: true, said: ['hello'] }]);
    expect(await ask('/controlled')).toEqual([200, { real: true }]);
  });

  it('refuses what it can’t read or doesn’t know, and says why', async () => {
    expect(await ask('/control', '{')).toEqual([400, { simulated: true, message: expect.stringMatching(/JSON/) }]);
    expect(await ask('/control/nonsense')).toEqual([404, { simulated: true, message: expect.stringMatching(/POST \/control/) }]);
  });

  it('ends connections that are open when it closes', async () => {
    const socket = connect(listening.port, '127.0.0.1');
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await listening.close();
    await ended;
    await expect(fetch(`http://${listening.at}/health`)).rejects.toThrow('fetch failed');
    listening = await listen(createServer());
  });

  it('as a process says where it is to log and parent, and ends with its parent', async () => {
    const main = fileURLToPath(new URL('../../otlp-collector/dist/main.js', import.meta.url));
    const child = fork(main, [], { env: {}, execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const [[line], [message]] = (await Promise.all([once(child.stdout!, 'data'), once(child, 'message')])) as [[Buffer], [{ url: string }]];
    expect(JSON.parse(line.toString())).toMatchObject({ level: 'info', msg: 'SIMULATED OTLP collector is listening', url: message.url, pid: child.pid });
    expect(message).toEqual({ type: 'listening', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    const exited = once(child, 'exit');
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });
});
