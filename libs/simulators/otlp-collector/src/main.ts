import { parseEnv, port } from '@troncal/config';
import { listeningHost, runProgram } from '@troncal/simulator-program';
import { z } from 'zod';
import { OtlpCollector } from './collector.js';

const settings = parseEnv(z.object({ OTLP_SIMULATOR_HOST: listeningHost(), OTLP_SIMULATOR_PORT: port({ zero: true }).default(0) }), process.env);
runProgram('OTLP collector', await OtlpCollector.start(settings.OTLP_SIMULATOR_PORT, settings.OTLP_SIMULATOR_HOST));
