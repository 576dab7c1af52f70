import { argv, parseEnv, port } from '@troncal/config';
import { listeningHost, runProgram } from '@troncal/simulator-program';
import { z } from 'zod';
import { startOpenAiRealtimeSimulator } from './server.js';

const settings = parseEnv(z.object({ OPENAI_SIMULATOR_HOST: listeningHost(), OPENAI_SIMULATOR_PORT: port({ zero: true }).default(0), ESPEAK_COMMAND: argv().optional() }), process.env);

const simulator = await startOpenAiRealtimeSimulator({
  host: settings.OPENAI_SIMULATOR_HOST,
  port: settings.OPENAI_SIMULATOR_PORT,
  ...(settings.ESPEAK_COMMAND === undefined ? {} : { espeak: settings.ESPEAK_COMMAND }),
});
runProgram('OpenAI Realtime', simulator, { control: simulator.controlUrl });
