import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseEnv } from '@troncal/chassis';
import { argv, flag, port, secret, url, wholeNumber } from '@troncal/config';
import { z } from 'zod';

/** The settings of realtime-voice beyond those of every service. */
export const realtimeVoiceEnv = baseEnv.extend({
  /** Where Asterisk's media sockets arrive. */
  MEDIA_HOST: z.string().describe('an address to listen on').default('127.0.0.1'),
  MEDIA_PORT: port({ zero: true }),
  /** Where Asterisk's AudioSocket application connects; without it there are no legs of that kind. */
  AUDIOSOCKET_PORT: port({ zero: true }).optional(),
  /** Media legs of both kinds at once; more are refused. */
  MEDIA_MAX_CALLS: wholeNumber(1, 10_000).default(1_000),
  /** After SIGTERM: how long conversations may take to come to a turn boundary and move to another replica. The process ends within 15 s after it. */
  DRAIN_SECONDS: wholeNumber(0, 3_600).default(15),
  /** Without a key and without a simulator's URL every call is scripted. */
  OPENAI_API_KEY: secret().optional(),
  OPENAI_REALTIME_URL: url(['ws', 'wss']).default('wss://api.openai.com/v1/realtime'),
  OPENAI_REALTIME_MODEL: z.string().min(1).describe('a model name').default('gpt-realtime'),
  /** The provider ends a session at 60 minutes. From the soft limit on (up to a tenth earlier, by call) another one waits to take over when nobody speaks; at the hard one it takes over anyway. */
  OPENAI_SESSION_SOFT_SECONDS: wholeNumber(1, 3_500).default(3_000),
  OPENAI_SESSION_HARD_SECONDS: wholeNumber(1, 3_550).default(3_480),
  /** The provider is a simulator: said in every conversation. */
  SIMULATED: flag().default(false),
  ESPEAK_COMMAND: argv().optional(),
  PROMPT_CACHE_DIR: z.string().describe('a folder for prompts').default(join(tmpdir(), 'troncal-prompts')),
});
export type RealtimeVoiceConfig = z.output<typeof realtimeVoiceEnv>;
