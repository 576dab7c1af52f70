export { parseStartOptions, START_HELP, UsageError, type StartOptions } from './options.js';
export { readStackState } from './state-writer.js';
export { stateLayout, type StateLayout } from './state-layout.js';
export { bundledCode, unbundledCode } from './bundle/bundled-code.js';
export type { ServiceCode } from './bundle/service-code.js';
export { OwnApi, type OwnAnswer } from './own-api.js';
export { seedDemo, DEMO_TENANT } from './seed/demo-tenant.js';
export type { LauncherAnswer, LauncherOrder } from './launcher-orders.js';
