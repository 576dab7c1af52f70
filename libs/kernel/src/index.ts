export * from './backoff.js';
export * from './clock.js';
export * from './deadline.js';
export * from './errors.js';
export * from './ids.js';
export * from './money.js';
export * from './phone-number.js';
export * from './redaction.js';
