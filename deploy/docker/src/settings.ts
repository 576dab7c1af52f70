import { readFileSync } from 'node:fs';
import path from 'node:path';
import { port, wholeNumber, flag, list } from '@troncal/config';
import { z } from 'zod';

const folder = z.string().startsWith('/').describe('an absolute path');

/** The settings of both one-shot programs: passwords come from the files that make-secrets.mjs made. */
export const setupEnv = z.object({
  SECRETS_DIR: folder.default('/run/secrets'),
  POSTGRES_HOST: z.string().describe("PostgreSQL's host").default('postgres'),
  POSTGRES_PORT: port().default(5432),
  POSTGRES_USER: z.string().describe('a superuser').default('postgres'),
  /** Where nats.conf is written. */
  NATS_CONFIG: folder.default('/etc/nats/nats.conf'),
  NATS_STORE_DIR: folder.default('/data'),
  NATS_MAX_STORE_BYTES: wholeNumber(1_048_576, Number.MAX_SAFE_INTEGER).default(20 * 1024 ** 3),
  /** This server's name, different in each of a cluster. */
  NATS_SERVER_NAME: z.string().regex(/^[a-z0-9-]+$/).describe('a-z, 0-9 and "-"').default('troncal'),
  /** Hosts of a cluster's servers; none for a single server. */
  NATS_CLUSTER_HOSTS: list().default([]),
});
export type SetupSettings = z.output<typeof setupEnv>;

/** The settings of one edge in a container. Passwords come as files: ARI_PASSWORD_FILE and so on. */
export const edgeEnv = z.object({
  EDGE_ID: z.string().describe('1 to 32 of a-z, 0-9 and "-"'),
  SIP_BIND: z.string().describe('an IPv4 address').default('0.0.0.0'),
  SIP_PORT: port().default(5060),
  SIP_REALM: z.string().describe('a word').default('troncal'),
  /** SIP over TLS, as Twilio should call: none while these PEM files aren't there. A renewed certificate counts from the next start. */
  SIP_TLS_PORT: port().default(5061),
  SIP_TLS_CERTIFICATE_PATH: folder.optional(),
  SIP_TLS_KEY_PATH: folder.optional(),
  /** What phones outside must see; without it they are told the container's own address. */
  EXTERNAL_ADDRESS: z.string().describe('an IPv4 address').optional(),
  LOCAL_NETS: list().default([]),
  RTP_START: port().default(10_000),
  RTP_END: port().default(10_199),
  ARI_BIND: z.string().describe('an IPv4 address').default('127.0.0.1'),
  ARI_PORT: port().default(8088),
  ARI_USER: z.string().describe("ARI's user").default('ari-gateway'),
  AMI_BIND: z.string().describe('an IPv4 address').default('127.0.0.1'),
  AMI_PORT: port().default(5038),
  AMI_USER: z.string().describe("AMI's user").default('ari-gateway'),
  AMI_PERMIT: z.string().describe('a network like 10.0.0.0/8').optional(),
  POSTGRES_HOST: z.string().describe("PostgreSQL's host").default('postgres'),
  POSTGRES_PORT: port().default(5432),
  MEDIA_URL: z.string().describe('ws://host:port/media'),
  /** Where realtime-voice takes legs over AudioSocket, for a gateway whose EDGE_MEDIA says so. */
  AUDIOSOCKET_ADDRESS: z.string().describe('host:port').optional(),
  SECRETS_DIR: folder.default('/run/secrets'),
  ETC_DIR: folder.default('/run/troncal/etc'),
  STATE_DIR: folder.default('/var/lib/troncal/edge'),
  SOUNDS_DIR: folder.default('/var/lib/troncal/sounds'),
  /** Longest wait for calls to end when the container is stopped. */
  DRAIN_SECONDS: wholeNumber(0, 86_400).default(60),
  /** With cards: chan_dahdi.so is loaded, and DAHDI_CONFIG is its chan_dahdi.conf. */
  DAHDI: flag().default(false),
  DAHDI_CONFIG: folder.default('/etc/troncal/dahdi/chan_dahdi.conf'),
  /** The image's own Asterisk. Outside a container, by `--folder`: the one given here, or that of `npm start`. */
  TRONCAL_ASTERISK_ROOT: folder.default('/opt/asterisk'),
});
export type EdgeSettings = z.output<typeof edgeEnv>;

/** One secret's text without its line end. @throws Error that says how secrets are made */
export function readSecret(folderOf: string, name: string): string {
  try {
    const text = readFileSync(path.join(folderOf, name), 'utf8').trimEnd();
    if (text !== '') return text;
  } catch (cause) {
    throw new Error(`The secret ${name} can't be read in ${folderOf}. Make it with deploy/docker/make-secrets.mjs and mount it.`, { cause });
  }
  throw new Error(`The secret ${name} in ${folderOf} is empty. Remove it and run deploy/docker/make-secrets.mjs again.`);
}
