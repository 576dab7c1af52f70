export { startTwilioSimulator, type SimulatorOptions, type TwilioSimulator } from './server.js';
export type { Settings } from './control.js';
export type { LoggedRequest } from './traffic/request-log.js';
export type { CallView, VoiceControl } from './voice/voice-control.js';
export type { PstnCall, PstnCallWish } from './voice/calls/pstn-network.js';
export type { LoggedWebhook } from './voice/webhooks/webhook-client.js';
export { promptTone } from './voice/media/prompt-audio.js';
export type { SipPlane } from './sip/sip-plane.js';
export type { LoggedSip } from './sip/sip-log.js';
