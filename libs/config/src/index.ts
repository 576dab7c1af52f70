export * from './crash-point.js';
export { argv, flag, list, port, secret, secretUrl, texts, url, wholeNumber } from './env-fields.js';
export * from './parse-env.js';
