import { parseEnv, port } from '@troncal/config';
import { listeningHost, runProgram } from '@troncal/simulator-program';
import { z } from 'zod';
import { startGdmsSimulator } from './server.js';

const settings = parseEnv(
  z.object({
    GDMS_SIMULATOR_HOST: listeningHost(),
    GDMS_SIMULATOR_PORT: port({ zero: true }).default(0),
    GDMS_API_ID: z.string().min(1).optional(),
    GDMS_SECRET_KEY: z.string().min(1).optional(),
    GDMS_USERNAME: z.string().min(1).optional(),
    GDMS_PASSWORD: z.string().min(1).optional(),
  }),
  process.env,
);

const simulator = await startGdmsSimulator({
  host: settings.GDMS_SIMULATOR_HOST,
  port: settings.GDMS_SIMULATOR_PORT,
  identity: {
    ...(settings.GDMS_API_ID === undefined ? {} : { apiId: settings.GDMS_API_ID }),
    ...(settings.GDMS_SECRET_KEY === undefined ? {} : { secretKey: settings.GDMS_SECRET_KEY }),
    ...(settings.GDMS_USERNAME === undefined ? {} : { username: settings.GDMS_USERNAME }),
    ...(settings.GDMS_PASSWORD === undefined ? {} : { password: settings.GDMS_PASSWORD }),
  },
});
runProgram('GDMS', simulator, { apiId: simulator.identity.apiId });
