export * from './crash-point.js';
export { flag, list, port, secret, secretUrl, url, wholeNumber } from './env-fields.js';
export * from './parse-env.js';
