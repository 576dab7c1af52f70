import { createHash } from 'node:crypto';

/**
 * Names a question by its call and the address that was asked, so that whoever tells of it (our own clock, the fallback's ErrorUrl, an alert's request_url) names the same.
 * The host is left out: it is the environment's, and proxies write it differently.
 */
export function questionOf(callSid: string, path: string, query: URLSearchParams): string {
  return createHash('sha256').update(`${callSid} ${path}?${new URLSearchParams(query).toString()}`).digest('base64url').slice(0, 24);
}
