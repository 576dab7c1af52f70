import { parseEnv, port } from '@troncal/config';
import { z } from 'zod';
import { startTwilioSimulator } from './server.js';

const settings = parseEnv(
  z.object({
    TWILIO_SIMULATOR_HOST: z.string().default('127.0.0.1').describe('an address to listen on'),
    TWILIO_SIMULATOR_PORT: port({ zero: true }).default(0),
    TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-f]{32}$/).optional().describe('AC and 32 hexadecimal digits'),
    TWILIO_AUTH_TOKEN: z.string().min(1).optional(),
  }),
  process.env,
);

const simulator = await startTwilioSimulator({
  host: settings.TWILIO_SIMULATOR_HOST,
  port: settings.TWILIO_SIMULATOR_PORT,
  account: {
    ...(settings.TWILIO_ACCOUNT_SID === undefined ? {} : { sid: settings.TWILIO_ACCOUNT_SID }),
    ...(settings.TWILIO_AUTH_TOKEN === undefined ? {} : { authToken: settings.TWILIO_AUTH_TOKEN }),
  },
});
// The launcher reads this line: one JSON object, as the services' logs are.
console.log(JSON.stringify({ level: 'info', msg: 'SIMULATED Twilio is listening', url: simulator.url, account: simulator.accountSid, pid: process.pid }));
const stop = (): void => void simulator.close().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
// A parent that started it over an IPC channel and died must not leave it behind.
if (process.send) {
  process.once('disconnect', stop);
  process.send({ type: 'listening', url: simulator.url });
}
