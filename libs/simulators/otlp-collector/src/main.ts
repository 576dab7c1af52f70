import { parseEnv, port } from '@troncal/config';
import { z } from 'zod';
import { OtlpCollector } from './collector.js';

const settings = parseEnv(
  z.object({ OTLP_SIMULATOR_HOST: z.string().default('127.0.0.1').describe('an address to listen on'), OTLP_SIMULATOR_PORT: port({ zero: true }).default(0) }),
  process.env,
);
const collector = await OtlpCollector.start(settings.OTLP_SIMULATOR_PORT, settings.OTLP_SIMULATOR_HOST);
console.log(JSON.stringify({ level: 'info', msg: 'SIMULATED OTLP collector is listening', url: collector.url, pid: process.pid }));
const stop = (): void => void collector.close().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
