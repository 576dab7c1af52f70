import { hostname } from 'node:os';
import type { GatewayConfig } from '../config.js';

/** This gateway among its replicas. */
export interface Replica {
  readonly name: string;
  /** This process, another one with each start; commands may be asked of it alone. */
  readonly process: string;
  /** Where its HTTP answers, for the other replicas. */
  readonly url: string;
}

/** Who we are: as set, or from what is the same after a restart. */
export function replicaOf(config: GatewayConfig, process: string): Replica {
  const name = config.REPLICA_ID ?? `${hostname()}-${config.HTTP_PORT}`.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(-64);
  const host = ['0.0.0.0', '::', ''].includes(config.HTTP_HOST) ? hostname() : config.HTTP_HOST;
  return { name, process, url: config.REPLICA_URL ?? `http://${host.includes(':') ? `[${host}]` : host}:${config.HTTP_PORT}` };
}

export const REPLICA = Symbol('Replica');
