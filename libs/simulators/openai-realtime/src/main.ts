import { argv, parseEnv, port } from '@troncal/config';
import { z } from 'zod';
import { startOpenAiRealtimeSimulator } from './server.js';

const settings = parseEnv(
  z.object({
    OPENAI_SIMULATOR_HOST: z.string().default('127.0.0.1').describe('an address to listen on'),
    OPENAI_SIMULATOR_PORT: port({ zero: true }).default(0),
    ESPEAK_COMMAND: argv().optional(),
  }),
  process.env,
);

const simulator = await startOpenAiRealtimeSimulator({
  host: settings.OPENAI_SIMULATOR_HOST,
  port: settings.OPENAI_SIMULATOR_PORT,
  ...(settings.ESPEAK_COMMAND === undefined ? {} : { espeak: settings.ESPEAK_COMMAND }),
});
// The launcher reads this line: one JSON object, as the services' logs are.
console.log(JSON.stringify({ level: 'info', msg: 'SIMULATED OpenAI Realtime is listening', url: simulator.url, control: simulator.controlUrl, pid: process.pid }));
const stop = (): void => void simulator.close().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
// A parent that started it over an IPC channel and died must not leave it behind.
if (process.send) {
  process.once('disconnect', stop);
  process.send({ type: 'listening', url: simulator.url });
}
