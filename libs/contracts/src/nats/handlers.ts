import { DOMAINS, type Domain, type ServiceName } from '../envelope/service-name.js';
import { EVENTS } from '../events/catalogue.js';

/**
 * Handlers beyond the ones that follow from the catalogue. A service that wants a second handler of an event, or a second one over
 * several events, names it here: the permissions of its NATS user list each durable by name, as NATS knows no wildcard inside one.
 */
export const EXTRA_HANDLERS: Partial<Record<ServiceName, readonly string[]>> = {};

/**
 * Services that pass every event on without acting on it, and the handler that does: it may read every domain that has events. `consumers` of an event name
 * who acts on it, so these don't stand there.
 */
export const FORWARDERS: Partial<Record<ServiceName, string>> = { provisioning: 'webhooks' };

/** `CallStarted.v1` is handled by `on-call-started`, `CallStarted.v2` by `on-call-started-v2`. */
export function handlerFor(event: { readonly name: string; readonly version: number }): string {
  const kebab = event.name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  return event.version === 1 ? `on-${kebab}` : `on-${kebab}-v${event.version}`;
}

/**
 * The handlers that a service may have on a domain's stream: one for each event it consumes there, one for all of them together (named like
 * the domain, for projections that need them in order), its extra ones, and the one by which it passes events on. Empty when it reads
 * nothing there.
 */
export function handlersOf(service: ServiceName, domain: Domain): string[] {
  const there = EVENTS.filter((event) => event.domain === domain);
  const consumed = there.filter((event) => event.consumers.includes(service));
  const forwarder = there.length > 0 ? FORWARDERS[service] : undefined;
  return [...(consumed.length > 0 ? [...consumed.map(handlerFor), domain, ...(EXTRA_HANDLERS[service] ?? [])] : []), ...(forwarder === undefined ? [] : [forwarder])];
}

/** The domains that a service reads. */
export function domainsReadBy(service: ServiceName): Domain[] {
  return DOMAINS.filter((domain) => EVENTS.some((event) => event.domain === domain && (event.consumers.includes(service) || FORWARDERS[service] !== undefined)));
}

/** The domains that a service writes. */
export function domainsWrittenBy(service: ServiceName): Domain[] {
  return DOMAINS.filter((domain) => EVENTS.some((event) => event.domain === domain && event.producers.includes(service)));
}
