import { COMMANDS } from '../commands/catalogue.js';
import { SERVICE_NAMES, type ServiceName } from '../envelope/service-name.js';
import { EVENTS } from '../events/catalogue.js';
import { domainsReadBy, domainsWrittenBy, handlersOf } from './handlers.js';
import { leaseSubjects } from './leases.js';
import { DEAD_LETTER_STREAM, durableName, streamName } from './streams.js';

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

/** The JetStream API subjects for looking after one stream: create it when missing; change it only by who writes to it. */
const streamApi = (stream: string, mayChange: boolean): string[] => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.STREAM.CREATE.${stream}`,
  ...(mayChange ? [`$JS.API.STREAM.UPDATE.${stream}`] : []),
];

/** The JetStream API subjects that one durable pull consumer needs. A `*` would match a whole name only, so each durable is listed. */
const consumerApi = (stream: string, durable: string): string[] => [
  `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
  `$JS.API.CONSUMER.CREATE.${stream}.${durable}.>`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
  `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
  `$JS.ACK.${stream}.${durable}.>`,
];

function permissionsOf(service: ServiceName): NatsPermissions {
  const published = EVENTS.filter((event) => event.producers.includes(service));
  const answered = COMMANDS.filter((command) => command.service === service);
  const asked = COMMANDS.filter((command) => command.clients.includes(service));
  const written = domainsWrittenBy(service);
  const read = domainsReadBy(service);
  return {
    publish: {
      allow: unique([
        ...published.map((event) => event.filter),
        ...asked.map((command) => command.subject),
        // One replica asks another.
        ...answered.map((command) => `${command.subject}.*`),
        `dlq.${service}.>`,
        '$JS.API.INFO',
        ...written.flatMap((domain) => streamApi(streamName(domain), true)),
        ...read.flatMap((domain) => streamApi(streamName(domain), false)),
        ...streamApi(DEAD_LETTER_STREAM, false),
        ...leaseSubjects(service),
        ...read.flatMap((domain) => handlersOf(service, domain).flatMap((handler) => consumerApi(streamName(domain), durableName(service, handler)))),
      ]),
    },
    subscribe: { allow: unique([...answered.flatMap((command) => [command.subject, `${command.subject}.*`]), `${inboxPrefix(service)}.>`]) },
    allowResponses: answered.length > 0,
  };
}

/** One user per service: it may state its own facts, read what it consumes, ask and answer its own commands, and nothing else. */
export function natsPermissions(): Record<ServiceName, NatsPermissions> {
  return Object.fromEntries(SERVICE_NAMES.map((service) => [service, permissionsOf(service)])) as Record<ServiceName, NatsPermissions>;
}

/** A user that may only read events: the CLI, and systems of others. */
export function observerPermissions(user = 'observer'): NatsPermissions {
  const readers = ['EVT_TENANTS', 'EVT_CALLS', 'EVT_VOICE', 'EVT_COLLECTIONS', 'EVT_TICKETS', 'EVT_EXTENSIONS', DEAD_LETTER_STREAM];
  return {
    publish: {
      allow: [
        '$JS.API.INFO',
        '$JS.API.STREAM.NAMES',
        ...readers.flatMap((stream) => [
          `$JS.API.STREAM.INFO.${stream}`,
          `$JS.API.CONSUMER.CREATE.${stream}.>`,
          `$JS.API.CONSUMER.INFO.${stream}.*`,
          `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
          `$JS.ACK.${stream}.>`,
        ]),
      ],
    },
    subscribe: { allow: [`${inboxPrefix(user)}.>`, 'evt.>'] },
    allowResponses: false,
  };
}
