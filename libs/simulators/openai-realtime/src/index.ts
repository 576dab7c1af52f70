export { startOpenAiRealtimeSimulator, type OpenAiRealtimeSimulator, type SimulatorOptions } from './server.js';
export { behaviourSchema, type Behaviour } from './faults.js';
export { QUESTION_TONES } from './input-audio.js';
export { ANSWER_TONE_HZ, CHIME_MS } from './voice.js';
export { LABEL } from './brain.js';
export type { LoggedEvent, LoggedSession } from './session-log.js';
