import { flag, list, port, secret, secretUrl, url, wholeNumber } from '@troncal/config';
import { LOG_LEVELS } from '@troncal/observability';
import { z } from 'zod';
import { otelEnv } from './otel-env.js';

/** The settings every service has. A service adds its own: `baseEnv.extend({ … })`. */
export const baseEnv = z.object({
  /** The app role: rows only. */
  DATABASE_URL: secretUrl(['postgres', 'postgresql']),
  /** The owner role, for migrations. Without it the schema must have been brought up to date by someone else. */
  DATABASE_OWNER_URL: secretUrl(['postgres', 'postgresql']).optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
  NATS_URL: url(['nats', 'tls']),
  NATS_USER: z.string().describe("the service's user on the bus"),
  NATS_PASSWORD: secret(),
  /** What a stream keeps at most, when this service creates it. */
  NATS_STREAM_MAX_BYTES: wholeNumber(1_048_576, Number.MAX_SAFE_INTEGER).default(268_435_456),
  NATS_STREAM_MAX_AGE_DAYS: wholeNumber(1, 3650).default(30),
  NATS_STREAM_REPLICAS: wholeNumber(1, 5).default(1),
  /** A handler whose oldest unsettled event is older than this lags behind: logged, and shown as troncal_consumer_late_state. */
  CONSUMER_LATE_SECONDS: wholeNumber(1, 86_400).default(10),
  HTTP_HOST: z.string().describe('an address to listen on').default('127.0.0.1'),
  /** 0: whichever is free. */
  HTTP_PORT: port({ zero: true }),
  API_KEYS_FILE: z.string().describe('the path of the file with the API keys'),
  ALLOWED_ORIGINS: list().default([]),
  LOG_LEVEL: z.enum(LOG_LEVELS).describe(`one of ${LOG_LEVELS.join(', ')}`).default('info'),
  /** CPU, memory and event-loop metrics; off where several services share a process and one of them tells. */
  PROCESS_METRICS: flag().default(true),
  ...otelEnv,
});

export type BaseConfig = z.output<typeof baseEnv>;
