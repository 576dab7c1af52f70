import { DOMAINS, type Domain, type ServiceName } from '../envelope/service-name.js';
import { EVENTS } from '../events/catalogue.js';

/**
 * Handlers beyond the ones that follow from the catalogue. A service that wants a second handler of an event, or a second one over
 * several events, names it here: the permissions of its NATS user list each durable by name, as NATS knows no wildcard inside one.
 */
export const EXTRA_HANDLERS: Partial<Record<ServiceName, readonly string[]>> = {};

/** `CallStarted.v1` is handled by `on-call-started`, `CallStarted.v2` by `on-call-started-v2`. */
export function handlerFor(event: { readonly name: string; readonly version: number }): string {
  const kebab = event.name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  return event.version === 1 ? `on-${kebab}` : `on-${kebab}-v${event.version}`;
}

/**
 * The handlers that a service may have on a domain's stream: one for each event it consumes there, one for all of them together
 * (named like the domain, for projections that need them in order), and its extra ones. Empty when it consumes nothing there.
 */
export function handlersOf(service: ServiceName, domain: Domain): string[] {
  const consumed = EVENTS.filter((event) => event.domain === domain && event.consumers.includes(service));
  if (consumed.length === 0) return [];
  return [...consumed.map(handlerFor), domain, ...(EXTRA_HANDLERS[service] ?? [])];
}

/** The domains that a service reads. */
export function domainsReadBy(service: ServiceName): Domain[] {
  return DOMAINS.filter((domain) => EVENTS.some((event) => event.domain === domain && event.consumers.includes(service)));
}

/** The domains that a service writes. */
export function domainsWrittenBy(service: ServiceName): Domain[] {
  return DOMAINS.filter((domain) => EVENTS.some((event) => event.domain === domain && event.producers.includes(service)));
}
