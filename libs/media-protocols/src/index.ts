export {
  AudioSocketError,
  AudioSocketParser,
  encodeAudioSocket,
  MAX_AUDIOSOCKET_PAYLOAD,
  samplesOfSlin,
  slinOfSamples,
  type AudioSocketMessage,
  type AudioSocketParsed,
} from './audiosocket.js';
export {
  audioMessages,
  commandOf,
  MAX_BINARY_BYTES,
  MAX_COMMAND_BYTES,
  MAX_CORRELATION_ID,
  MediaCommandError,
  mediaCommands,
  QUEUE_LEVELS,
} from './chan-websocket-commands.js';
export { parseMediaEvent, reportOf, type MediaEvent, type MediaStart, type MediaStatus, type UnknownMediaEvent, type UnreadableMediaText } from './chan-websocket-events.js';
export type { LegOrder, LegReport } from './leg-orders.js';
export { PlayoutClock } from './playout-clock.js';
export { PlayoutQueue, type Flushed, type ItemHeard, type PlayoutNotice, type PlayoutOptions } from './playout-queue.js';
