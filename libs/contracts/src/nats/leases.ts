import type { ServiceName } from '../envelope/service-name.js';

/** Where the gateways' leases on edges lie: a JetStream key-value bucket, one key per edge. */
export const EDGE_LEASES = 'edge-leases';

/** Buckets of leases, and the one service whose user may touch each. */
const OWNERS: Readonly<Record<string, ServiceName>> = { [EDGE_LEASES]: 'ari-gateway' };

/** What NATS must let a service publish to keep its leases: the bucket's stream, its keys, and reads of them by the stream's leader. */
export function leaseSubjects(service: ServiceName): string[] {
  const buckets = Object.keys(OWNERS).filter((bucket) => OWNERS[bucket] === service);
  return buckets.flatMap((bucket) => [
    `$JS.API.STREAM.INFO.KV_${bucket}`,
    `$JS.API.STREAM.CREATE.KV_${bucket}`,
    `$JS.API.STREAM.UPDATE.KV_${bucket}`,
    `$JS.API.STREAM.MSG.GET.KV_${bucket}`,
    `$KV.${bucket}.>`,
  ]);
}
