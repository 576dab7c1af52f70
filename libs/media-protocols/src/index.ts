export {
  AudioSocketError,
  AudioSocketParser,
  encodeAudioSocket,
  MAX_AUDIOSOCKET_PAYLOAD,
  samplesOfSlin,
  slinOfSamples,
  type AudioSocketListener,
  type AudioSocketMessage,
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
export { AudioSocketFrames, AUDIOSOCKET_FRAME_BYTES } from './audiosocket-frames.js';
export { FrameClock, type FrameClockOptions } from './frame-clock.js';
export { PacedQueue } from './paced-queue.js';
export { PlayoutClock } from './playout-clock.js';
export { PlayoutQueue, type Flushed, type ItemHeard, type PlayoutNotice, type PlayoutOptions } from './playout-queue.js';
export { TwilioPlayout } from './twilio-playout.js';
export { parseTwilioStream, TwilioStreamError, TwilioStreamWriter, type TwilioStart, type TwilioStreamMessage } from './twilio-stream.js';
