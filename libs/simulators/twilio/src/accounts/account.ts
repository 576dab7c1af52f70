import { randomBytes } from 'node:crypto';
import { Rows, type Row } from '../wire/rows.js';
import { newSid } from '../wire/sid.js';

export interface Identity {
  readonly sid: string;
  readonly authToken: string;
  readonly friendlyName: string;
}

/** Which lists may call through a domain, and which may register at it. A mapping's SID is its list's. */
export interface DomainMappings {
  readonly calls: Rows;
  readonly registrations: Rows;
}

/** A Twilio account with what it has. */
export class Account {
  readonly createdAt = new Date();
  status: 'active' | 'suspended' | 'closed' = 'active';
  readonly domains: Rows;
  readonly lists: Rows;
  readonly numbers: Rows;
  /** Regulatory bundles that people at Twilio have approved. */
  readonly approvedBundles = new Set<string>();
  private readonly credentials = new Map<string, Rows>();
  private readonly mappings = new Map<string, DomainMappings>();

  constructor(
    readonly identity: Identity,
    readonly parent: Account | null,
    /** How long what was just made isn't to be seen by who reads, ms. */
    private readonly hiddenMs: () => number,
  ) {
    this.domains = this.rows('SD');
    this.lists = this.rows('CL');
    this.numbers = this.rows('PN');
  }

  get sid(): string {
    return this.identity.sid;
  }

  credentialsOf(listSid: string): Rows {
    return ofKey(this.credentials, listSid, () => this.rows('CR'));
  }

  mappingsOf(domainSid: string): DomainMappings {
    return ofKey(this.mappings, domainSid, () => ({ calls: this.rows('CL'), registrations: this.rows('CL') }));
  }

  /** Domains that the list is mapped to, in either way. */
  mappedAt(listSid: string): Row[] {
    return this.domains.all().filter(({ sid }) => Object.values(this.mappingsOf(sid)).some((mapped) => mapped.get(listSid) !== undefined));
  }

  dropList(listSid: string): void {
    this.lists.remove(listSid);
    this.credentials.delete(listSid);
  }

  dropDomain(domainSid: string): void {
    this.domains.remove(domainSid);
    this.mappings.delete(domainSid);
  }

  private rows(prefix: string): Rows {
    return new Rows(prefix, this.hiddenMs);
  }
}

export const newIdentity = (friendlyName: string): Identity => ({ sid: newSid('AC'), authToken: randomBytes(16).toString('hex'), friendlyName });

function ofKey<V>(map: Map<string, V>, key: string, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
