import { TicketOpenedV1 } from '@troncal/contracts';
import { redactText } from '@troncal/kernel';
import { sentence, type Sentence } from './sentence.js';
import { words } from './words.js';

/** What people have to follow up. */
export const TICKET_SENTENCES: readonly Sentence[] = [
  sentence(TicketOpenedV1, {
    en: (d) => `ticket ${d.number} was opened (${words.en[d.reason]}): ${redactText(d.title)}`,
    es: (d) => `se abrió el ticket ${d.number} (${words.es[d.reason]}): ${redactText(d.title)}`,
  }),
];
