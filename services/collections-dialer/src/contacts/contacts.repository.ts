import type { Tx } from '@troncal/persistence';
import type { Contact, ContactFacts } from './contact.js';

/** A page of a tenant’s contacts, newest first. */
export interface ContactQuery {
  readonly tenant: string;
  readonly party?: string | undefined;
  readonly limit: number;
  readonly after?: ContactCursor | undefined;
}

/** Where a page ended. */
export interface ContactCursor {
  readonly startedAt: Date;
  readonly callId: string;
}

/** Keeps the contact ledger. */
export abstract class ContactRepository {
  abstract list(query: ContactQuery): Promise<Contact[]>;
  /** Adds what is told to the call’s row, which is made if it is not there. */
  abstract record(tx: Tx, facts: ContactFacts): Promise<void>;
}
