import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, json } from './http.js';

/** What can be asked of a simulator beside what it simulates: `POST /control` and the like, each with what it does and tells. */
export type ControlRoutes = Readonly<Record<`${'GET' | 'POST'} /${string}`, (body: string) => object | void>>;

const OWN = /^\/(health|control(\/.*)?)$/;

/**
 * Answers a request that is about the simulator itself (`/health`, `/control…`), in JSON that says `simulated`. What a route throws is refused with 400 and its
 * message.
 * @returns false: the request is about what is simulated, and nothing was read of it
 */
export async function answerControl(request: IncomingMessage, response: ServerResponse, routes: ControlRoutes): Promise<boolean> {
  const { pathname } = new URL(request.url ?? '/', 'http://simulator');
  if (!OWN.test(pathname)) return false;
  const asked = `${request.method} ${pathname}`;
  const known: ControlRoutes = { 'GET /health': () => {}, ...routes };
  const perform = Object.hasOwn(known, asked) ? known[asked as keyof ControlRoutes] : undefined;
  if (perform === undefined) {
    json(response, 404, { simulated: true, message: `There is no ${asked}. There is ${Object.keys(known).join(', ')}.` });
    return true;
  }
  try {
    json(response, 200, { simulated: true, ...perform((await bodyOf(request)).toString('utf8')) });
  } catch (error) {
    json(response, 400, { simulated: true, message: (error as Error).message });
  }
  return true;
}
