import { serviceNameSchema, type ServiceName } from '@troncal/contracts';
import { z } from 'zod';

/** Where each service answers HTTP, without a path. */
export type Upstreams = Readonly<Partial<Record<ServiceName, string>>>;

const addresses = z.partialRecord(
  serviceNameSchema,
  z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin),
);

/** Reads `{"provisioning":"http://127.0.0.1:4101", …}`; a service that is not in it can't be reached through the front door. */
export const upstreamsField = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(addresses)
  .describe('a JSON object of service names to http addresses, e.g. {"provisioning":"http://127.0.0.1:4101"}');
