import { isDeepStrictEqual } from 'node:util';
import type { Route } from '@troncal/contracts';

/** A route of a tenant under its code. `revision` grows and never falls, not even when the code is deleted and used again. */
export interface StoredRoute {
  readonly tenant: string;
  readonly code: string;
  readonly route: Route;
  readonly revision: number;
}

/** The route as declared, or undefined when it is so already. */
export function changeRoute(current: StoredRoute, wanted: Route): StoredRoute | undefined {
  return isDeepStrictEqual(plain(current.route), plain(wanted)) ? undefined : { ...current, route: wanted, revision: current.revision + 1 };
}

/** As it comes back from a JSON column: fields that are undefined are not there. */
function plain(route: Route): unknown {
  return JSON.parse(JSON.stringify(route));
}
