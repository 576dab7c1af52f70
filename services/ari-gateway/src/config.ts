import { baseEnv } from '@troncal/chassis';
import { argv, list, port, secret, url } from '@troncal/config';
import { z } from 'zod';

const folder = z.string().min(1).describe('the path of a folder');

/** The settings of the gateway. */
export const gatewayEnv = baseEnv.extend({
  /** `asterisk`: there is no edge, by choice. The service is ready, and whatever needs an edge is refused with a reason. */
  LEFT_OUT: list()
    .refine((parts) => parts.every((part) => part === 'asterisk'))
    .describe('nothing, or "asterisk" to run without an edge')
    .default([]),
  /** The edge that this gateway holds. */
  EDGE_ID: z.string().regex(/^[a-z0-9-]{1,32}$/).describe('1 to 32 of a-z, 0-9 and "-"'),
  ARI_URL: url(['http']),
  ARI_USER: z.string().describe("ARI's user"),
  ARI_PASSWORD: secret(),
  AMI_HOST: z.string().describe("AMI's host").default('127.0.0.1'),
  AMI_PORT: port(),
  AMI_USER: z.string().describe("AMI's user"),
  AMI_PASSWORD: secret(),
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
