import type { OwnAnswer } from '../own-api.js';

/** What a success says. @throws Error with the answer of what is none */
export function readJson(method: string, path: string, { status, body }: OwnAnswer): unknown {
  if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${body.slice(0, 500)}`);
  return JSON.parse(body);
}
