import { DOMAINS, type Domain } from '../envelope/service-name.js';

/** The JetStream stream of a domain. */
export const streamName = (domain: Domain): string => `EVT_${domain.toUpperCase()}`;

/** The subjects that a domain’s stream keeps. */
export const streamSubjects = (domain: Domain): string[] => [`evt.*.${domain}.>`];

/** Where messages go that no delivery can help: `dlq.<service>.<handler>`. */
export const DEAD_LETTER_STREAM = 'DLQ';
export const DEAD_LETTER_SUBJECTS = ['dlq.>'];

/** The durable consumer of one handler of one service; names may hold no dots. */
export const durableName = (service: string, handler: string): string => `${service}__${handler}`;

/** Every stream that exists. */
export const STREAMS: readonly { readonly name: string; readonly subjects: readonly string[] }[] = [
  ...DOMAINS.map((domain) => ({ name: streamName(domain), subjects: streamSubjects(domain) })),
  { name: DEAD_LETTER_STREAM, subjects: DEAD_LETTER_SUBJECTS },
];
