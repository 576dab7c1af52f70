export { startTwilioSimulator, type SimulatorOptions, type TwilioSimulator } from './server.js';
export type { Settings } from './control.js';
export type { LoggedRequest } from './traffic/request-log.js';
