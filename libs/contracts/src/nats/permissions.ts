import { COMMANDS } from '../commands/catalogue.js';
import { SERVICE_NAMES, type ServiceName } from '../envelope/service-name.js';
import { EVENTS } from '../events/catalogue.js';
import { DEAD_LETTER_STREAM, streamName } from './streams.js';

/** What one NATS user may do; subjects in NATS's own wildcards. */
export interface NatsPermissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  /** May answer requests on the inbox of whoever asked. */
  readonly allowResponses: boolean;
}

const unique = (subjects: readonly string[]): string[] => [...new Set(subjects)].sort();

/** The inbox prefix of a user: replies of one service can't be read by another. */
export const inboxPrefix = (user: string): string => `_INBOX_${user}`;

function permissionsOf(service: ServiceName): NatsPermissions {
  const published = EVENTS.filter((event) => event.producers.includes(service));
  const consumed = EVENTS.filter((event) => event.consumers.includes(service));
  const answered = COMMANDS.filter((command) => command.service === service);
  const asked = COMMANDS.filter((command) => command.clients.includes(service));
  const read = unique(consumed.map((event) => streamName(event.domain)));
  const provided = unique([...published, ...consumed].map((event) => streamName(event.domain))).concat(DEAD_LETTER_STREAM);
  return {
    publish: {
      allow: unique([
        ...published.map((event) => event.filter),
        ...asked.map((command) => command.subject),
        `dlq.${service}.>`,
        '$JS.API.INFO',
        ...provided.flatMap((stream) => [`$JS.API.STREAM.INFO.${stream}`, `$JS.API.STREAM.CREATE.${stream}`, `$JS.API.STREAM.UPDATE.${stream}`]),
        ...read.flatMap((stream) => [
          `$JS.API.CONSUMER.CREATE.${stream}.${service}__*.>`,
          `$JS.API.CONSUMER.CREATE.${stream}.${service}__*`,
          `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${service}__*`,
          `$JS.API.CONSUMER.INFO.${stream}.${service}__*`,
          `$JS.API.CONSUMER.DELETE.${stream}.${service}__*`,
          `$JS.API.CONSUMER.MSG.NEXT.${stream}.${service}__*`,
          `$JS.ACK.${stream}.${service}__*.>`,
        ]),
      ]),
    },
    subscribe: { allow: unique([...answered.map((command) => command.subject), `${inboxPrefix(service)}.>`]) },
    allowResponses: answered.length > 0,
  };
}

/** One user per service: it may state its own facts, read what it consumes, ask and answer its own commands, and nothing else. */
export function natsPermissions(): Record<ServiceName, NatsPermissions> {
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, permissionsOf(service)])) as Record<ServiceName, NatsPermissions>;
}

/** A user that may only read events: the CLI, and systems of others. */
export function observerPermissions(user = 'observer'): NatsPermissions {
  return {
    publish: { allow: ['$JS.API.INFO', '$JS.API.STREAM.INFO.EVT_*', '$JS.API.STREAM.NAMES', '$JS.API.CONSUMER.CREATE.EVT_*.>', '$JS.API.CONSUMER.CREATE.EVT_*', '$JS.API.CONSUMER.INFO.EVT_*.*', '$JS.API.CONSUMER.DELETE.EVT_*.*', '$JS.API.CONSUMER.MSG.NEXT.EVT_*.*', '$JS.ACK.EVT_*.>', '$JS.FC.EVT_*.>'] },
    subscribe: { allow: [`${inboxPrefix(user)}.>`, 'evt.>'] },
    allowResponses: false,
  };
}
