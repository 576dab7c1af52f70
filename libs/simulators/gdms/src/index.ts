export { startGdmsSimulator, type GdmsSimulator, type LoggedRequest, type SimulatorOptions } from './server.js';
export type { Settings } from './control.js';
export type { Identity } from './identity.js';
