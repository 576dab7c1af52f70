import { serviceNameSchema, type ServiceName } from '@troncal/contracts';
import { z } from 'zod';

/** Where each service answers HTTP, without a path: one address, or those of its replicas. */
export type Upstreams = Readonly<Partial<Record<ServiceName, readonly [string, ...string[]]>>>;

const address = z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin);
const addresses = z.partialRecord(serviceNameSchema, z.union([address.transform((one): [string] => [one]), z.tuple([address], address)]));

/** Reads `{"provisioning":"http://127.0.0.1:4101","ari-gateway":["http://…","http://…"], …}`; a service that is not in it can't be reached through the front door. */
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
