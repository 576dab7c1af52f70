import { baseEnv } from '@troncal/chassis';
import { argv, list, port, secret, texts, url } from '@troncal/config';
import { edgeIdSchema } from '@troncal/contracts';
import { z } from 'zod';

const folder = z.string().min(1).describe('the path of a folder');

/** The settings of the gateway. */
export const gatewayEnv = baseEnv.extend({
  /** `asterisk`: there is no edge, by choice. The service is ready, and whatever needs an edge is refused with a reason. */
  LEFT_OUT: list()
    .refine((parts) => parts.every((part) => part === 'asterisk'))
    .describe('nothing, or "asterisk" to run without an edge')
    .default([]),
  /** This gateway among its replicas; the same after a restart, and never in two processes at once. Absent: the machine's name and the port. */
  REPLICA_ID: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/).describe('1 to 64 of letters, digits, "_" and "-"').optional(),
  /** Where the other replicas reach this one's HTTP. Absent: HTTP_HOST, or the machine's name where that is no address to call. */
  REPLICA_URL: url(['http', 'https']).optional(),
  /** Keys that seal the passwords of declared edges, as parseKeyRing reads them: usually a file, CREDENTIALS_KEY_FILE. Without it no edge can be declared. */
  CREDENTIALS_KEY: secret().optional(),
  /** The edges that this replica contends for; empty: all that are declared. */
  EDGES: list().default([]),
  /** What every declared edge is started with beside what its declaration says (deploy/docker): MEDIA_URL, POSTGRES_HOST, AMI_PERMIT and so on. Told to who declares one. */
  EDGE_ENVIRONMENT: texts().default({}),
  /** Of `asterisk_reader`, as which edges read the database; told to who declares one. Absent: they must take it from elsewhere. */
  EDGE_READER_PASSWORD: secret().optional(),
  /** The edge that is declared by these settings. */
  EDGE_ID: edgeIdSchema.describe('1 to 32 of a-z, 0-9 and "-", but not "twilio"'),
  ARI_URL: url(['http']),
  ARI_USER: z.string().describe("ARI's user"),
  ARI_PASSWORD: secret(),
  AMI_HOST: z.string().describe("AMI's host").default('127.0.0.1'),
  AMI_PORT: port(),
  AMI_USER: z.string().describe("AMI's user"),
  AMI_PASSWORD: secret(),
  /** What carries the edge's audio to realtime-voice. AudioSocket needs the edge's AUDIOSOCKET_ADDRESS. */
  EDGE_MEDIA: z.enum(['websocket', 'audiosocket']).default('websocket'),
  /** Where Asterisk writes recordings: its spool's `recording`. */
  RECORDINGS_DIR: folder,
  /** Prompts, rendered by us, played by Asterisk. */
  SOUNDS_DIR: folder,
  /** What waits for the database. On a disk of this machine. */
  JOURNAL_DIR: folder,
  /** Without it no prompt is rendered; calls are served all the same. */
  ESPEAK_COMMAND: argv().optional(),
});
export type GatewayConfig = z.output<typeof gatewayEnv>;
