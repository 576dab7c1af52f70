import { baseEnv, otelEnv } from '@troncal/chassis';
import { list } from '@troncal/config';
import type { z } from 'zod';
import { upstreamsField } from './upstreams.js';

/** The settings of the front door: no database, no bus. */
export const frontDoorEnv = baseEnv
  .pick({ HTTP_HOST: true, HTTP_PORT: true, API_KEYS_FILE: true, ALLOWED_ORIGINS: true, LOG_LEVEL: true, PROCESS_METRICS: true })
  .extend({
    ...otelEnv,
    UPSTREAMS: upstreamsField,
    /** Services, or parts of them, that run nowhere by choice: they count as ready. */
    LEFT_OUT: list().default([]),
  });
export type FrontDoorConfig = z.output<typeof frontDoorEnv>;
