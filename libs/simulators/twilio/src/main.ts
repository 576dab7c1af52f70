import { argv, parseEnv, port } from '@troncal/config';
import { listeningHost, runProgram } from '@troncal/simulator-program';
import { z } from 'zod';
import { startTwilioSimulator } from './server.js';

const settings = parseEnv(
  z.object({
    TWILIO_SIMULATOR_HOST: listeningHost(),
    TWILIO_SIMULATOR_PORT: port({ zero: true }).default(0),
    TWILIO_SIMULATOR_SIP_PORT: port({ zero: true }).default(0).describe('UDP, where phones register'),
    TWILIO_SIMULATOR_TRUNK_PORT: port({ zero: true }).default(0).describe('UDP, where a SIP phone plays the telephone network'),
    ESPEAK_COMMAND: argv().optional(),
    TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-f]{32}$/).optional().describe('AC and 32 hexadecimal digits'),
    TWILIO_AUTH_TOKEN: z.string().min(1).optional(),
  }),
  process.env,
);

const simulator = await startTwilioSimulator({
  host: settings.TWILIO_SIMULATOR_HOST,
  port: settings.TWILIO_SIMULATOR_PORT,
  sip: { port: settings.TWILIO_SIMULATOR_SIP_PORT, trunkPort: settings.TWILIO_SIMULATOR_TRUNK_PORT },
  ...(settings.ESPEAK_COMMAND === undefined ? {} : { espeak: settings.ESPEAK_COMMAND }),
  account: {
    ...(settings.TWILIO_ACCOUNT_SID === undefined ? {} : { sid: settings.TWILIO_ACCOUNT_SID }),
    ...(settings.TWILIO_AUTH_TOKEN === undefined ? {} : { authToken: settings.TWILIO_AUTH_TOKEN }),
  },
});
runProgram('Twilio', simulator, { account: simulator.accountSid, sip: simulator.sip.address, trunk: simulator.sip.trunkAddress });
