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
  MAX_BINARY_BYTES,
  MAX_COMMAND_BYTES,
  MAX_CORRELATION_ID,
  MediaCommandError,
  mediaCommands,
  QUEUE_LEVELS,
  type MediaMessage,
} from './chan-websocket-commands.js';
export { parseMediaEvent, type MediaEvent, type MediaStart, type MediaStatus, type UnknownMediaEvent, type UnreadableMediaText } from './chan-websocket-events.js';
export { PlayoutClock } from './playout-clock.js';
export { PlayoutQueue, type Flushed, type ItemHeard, type PlayoutNotice, type PlayoutOptions } from './playout-queue.js';
