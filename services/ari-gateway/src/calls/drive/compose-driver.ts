import type { AriClient } from '@troncal/ari';
import type { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { Recorder } from '../../recordings/recorder.js';
import type { SpeechFiles } from '../../speech/speech-files.js';
import type { CallRegistry } from '../call-registry.js';
import { AgentLink } from './agent-link.js';
import { AudioSocketLegOpener } from './audiosocket-leg-opener.js';
import type { CallBridges } from './call-bridges.js';
import { CallDriver } from './call-driver.js';
import type { CallTimers } from './call-timers.js';
import { ControlHands } from './control-hands.js';
import { LegDialler } from './leg-dialler.js';
import type { MediaKind } from './media-leg-opener.js';
import { PromptPlayer } from './prompt-player.js';
import type { SideRooms } from './side-rooms.js';
import type { Tell } from './tell.js';
import { WebSocketLegOpener } from './websocket-leg-opener.js';

/** What a driver has of its edge. */
export interface DriverEdge {
  readonly ari: AriClient;
  readonly bridges: CallBridges;
  readonly rooms: SideRooms;
  readonly timers: CallTimers;
  readonly recorder: Recorder;
  readonly media: MediaKind;
}

/** What all drivers of a gateway share. */
export interface DriverShare {
  readonly registry: CallRegistry;
  readonly commands: CommandClient;
  readonly speech: SpeechFiles;
  readonly logger: Logger;
}

/** One edge's driver with all its hands. */
export function composeDriver({ ari, bridges, rooms, timers, recorder, media }: DriverEdge, { registry, commands, speech, logger }: DriverShare): CallDriver {
  const tell: Tell = (callId, message) => registry.tell(callId, message);
  const isLive = (callId: string): boolean => (registry.find(callId)?.call.state ?? 'ended') !== 'ended';
  const prompts = new PromptPlayer(ari, bridges, speech, tell, isLive);
  const dialler = new LegDialler(ari);
  const opener = media === 'audiosocket' ? new AudioSocketLegOpener(ari, commands) : new WebSocketLegOpener(ari);
  const agents = new AgentLink(ari, commands, opener, bridges, tell, logger);
  const control = new ControlHands({ ari, bridges, rooms, prompts, dialler, recorder });
  return new CallDriver({ ari, bridges, rooms, timers, prompts, dialler, agents, recorder, control }, tell, logger);
}
