import { fileURLToPath } from 'node:url';
import { CONFIG, runNestService, type RunningService, type RunOptions } from '@troncal/chassis';
import type { Env } from '@troncal/config';
import { AppModule } from './app.module.js';
import { realtimeVoiceEnv, type RealtimeVoiceConfig } from './config.js';
import { VoiceHost } from './voice-host.js';

/** After the drain: the last journals, and everything closed. */
const AFTER_DRAIN_MS = 15_000;

/** A running realtime-voice. */
export interface RunningRealtimeVoice extends RunningService {
  /** Where chan_websocket's media legs are accepted. */
  readonly mediaPort: number;
  /** Where those of the AudioSocket application are; undefined without AUDIOSOCKET_PORT. */
  readonly audioSocketPort: number | undefined;
  /** What the process holds of calls and connections; all zero when nobody calls. */
  census(): Readonly<Record<string, number>>;
}

/** Starts the service; ConfigError names every wrong setting. */
export async function startService(env: Env, options: RunOptions = {}): Promise<RunningRealtimeVoice> {
  const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
  const service = await runNestService({ name: 'realtime-voice', env: realtimeVoiceEnv, migrations, module: AppModule }, env, options);
  const { DRAIN_SECONDS } = service.get<RealtimeVoiceConfig>(CONFIG);
  const host = service.get(VoiceHost);
  const { websocket, audioSocket } = host.mediaPorts;
  return { ...service, census: () => host.census(), stopWithinMs: DRAIN_SECONDS * 1_000 + AFTER_DRAIN_MS, mediaPort: websocket, audioSocketPort: audioSocket };
}
