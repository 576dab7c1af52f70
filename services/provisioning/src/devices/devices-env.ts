import { wholeNumber } from '@troncal/config';
import { z } from 'zod';

const values = (usual: string) =>
  z
    .string()
    .regex(/^[^,\s]+(,[^,\s]+)*$/)
    .describe('values with commas between them')
    .default(usual)
    .transform((text) => text.split(','));

/** Settings about telephones in their makers' clouds. */
export const devicesEnv = {
  /** Of a simulator, in GDMS’s place. */
  GDMS_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Requests at once with which an account is begun with, and the most that it is led up to: GDMS publishes no limit, and each replica keeps to its own. */
  GDMS_CONCURRENCY_START: wholeNumber(1, 100).default(4),
  GDMS_CONCURRENCY_MOST: wholeNumber(1, 100).default(20),
  /** What GDMS writes as the status of a SIP account that is registered, and of one that is not: its documentation was not to be had. What is neither is said to be unknown. */
  GDMS_REGISTERED: values('1'),
  GDMS_UNREGISTERED: values('0'),
};
