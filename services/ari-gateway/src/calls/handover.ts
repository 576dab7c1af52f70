import { languageSchema, type Language, type Route } from '@troncal/contracts';
import { isCallId } from '@troncal/kernel';
import type { TenantFacts } from '../tenant-directory/directory-facts.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { Call } from './call.js';

/** A call of Twilio's rail that is to go on here, as the dialplan hands it over (asterisk/README.md). */
export interface Handover {
  readonly called: string;
  readonly tenant: string;
  /** The call's id there. */
  readonly callId: string;
  readonly route: string;
  readonly node: string;
  readonly language: Language;
}

/** @param args `inbound,rail,<called>,<tenant>,<call>,<route>,<node>,<language>` @returns undefined for what is none */
export function readHandover([, , called = '', tenant = '', callId = '', route = '', node = '', spoken = '']: readonly string[]): Handover | undefined {
  const language = languageSchema.safeParse(spoken).data;
  return isCallId(callId) && language !== undefined ? { called: called.slice(0, 80), tenant, callId, route, node, language } : undefined;
}

/** Whose it is and how it goes on; undefined when it can't. Pure. The route in force here may be another revision than there: the node must be in it. */
export function resolveHandover({ tenant: code, route: name, node }: Handover, directory: TenantDirectory): { readonly tenant: TenantFacts; readonly route: Route; readonly routeRef: Call['routeRef'] } | undefined {
  const tenant = directory.tenant(code);
  const found = directory.route(code, name);
  if (!tenant || tenant.suspended || !found || !Object.hasOwn(found.route.nodes, node)) return undefined;
  return { tenant, route: found.route, routeRef: { code: found.code, revision: found.revision } };
}
