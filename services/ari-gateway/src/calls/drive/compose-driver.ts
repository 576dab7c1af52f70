import type { AriClient } from '@troncal/ari';
import type { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { RecordingTap } from '../../recordings/recording-tap.js';
import type { RecordingSettler } from '../../recordings/recording-settler.js';
import type { SpeechFiles } from '../../speech/speech-files.js';
import type { CallRegistry } from '../call-registry.js';
import { AgentLink } from './agent-link.js';
import type { CallBridges } from './call-bridges.js';
import { CallDriver } from './call-driver.js';
import type { CallTimers } from './call-timers.js';
import { LegDialler } from './leg-dialler.js';
import { PromptPlayer } from './prompt-player.js';
import type { Tell } from './tell.js';

/** What a driver has of its edge. */
export interface DriverEdge {
  readonly ari: AriClient;
  readonly bridges: CallBridges;
  readonly timers: CallTimers;
  readonly settler: RecordingSettler;
}

/** What all drivers of a gateway share. */
export interface DriverShare {
  readonly registry: CallRegistry;
  readonly commands: CommandClient;
  readonly speech: SpeechFiles;
  readonly logger: Logger;
}

/** One edge's driver with all its hands. */
export function composeDriver({ ari, bridges, timers, settler }: DriverEdge, { registry, commands, speech, logger }: DriverShare): CallDriver {
  const tell: Tell = (callId, message) => registry.tell(callId, message);
  return new CallDriver(
    {
      ari, bridges, timers, prompts: new PromptPlayer(ari, bridges, speech, tell), dialler: new LegDialler(ari), agents: new AgentLink(ari, commands, bridges, tell, logger),
      recorder: new RecordingTap(ari, bridges, (recordingId) => settler.finished(recordingId)),
    },
    tell,
    logger,
  );
}
