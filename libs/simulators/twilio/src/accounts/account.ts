import { randomBytes } from 'node:crypto';
import { DialingPermissions } from '../dialing-permissions/dialing-permissions.js';
import type { Audit, MonitorEvent, Subject } from '../monitor/audit.js';
import type { PortIn } from '../porting/port-in.js';
import { Regulatory } from '../regulatory/regulatory.js';
import type { ProfileState } from '../trust-hub/profile-state.js';
import { Usage } from '../usage/usage.js';
import { Rows, type Attributes, type Row } from '../wire/rows.js';
import { newSid } from '../wire/sid.js';

export interface Identity {
  readonly sid: string;
  readonly authToken: string;
  readonly friendlyName: string;
}

/** What accounts share. */
export interface Surroundings {
  /** How long what was just made isn't to be seen by who reads, ms. */
  readonly hiddenMs: number;
  readonly audit: Audit;
}

/** Who may call through a domain (credential lists and address lists), and who may register at it. A mapping's SID is its list's. */
export interface DomainMappings {
  readonly calls: Rows;
  readonly registrations: Rows;
  readonly addresses: Rows;
}

export interface CallerIdValidation {
  readonly name: string;
  readonly callSid: string;
  readonly callback: string | null;
  readonly method: 'GET' | 'POST';
}

/** A Twilio account with what it has. */
export class Account {
  readonly createdAt = new Date();
  type: 'Full' | 'Trial' = 'Full';
  status: 'active' | 'suspended' | 'closed' = 'active';
  /** Of its owner, as Twilio's people judge it; undefined when nobody has filed one. */
  profile: ProfileState | undefined = 'twilio-approved';
  /** Since when it has Voice Insights' Advanced Features: an option that costs, off at first. */
  insightsSince: Date | undefined;
  /** By Twilio's people, not by its parent: only they take it back. */
  suspendedByTwilio = false;
  /** Let in too, until it is promoted or deleted. */
  secondaryToken: string | undefined;
  /** Oldest first. */
  readonly events: MonitorEvent[] = [];
  readonly domains: Rows;
  readonly lists: Rows;
  readonly addressLists: Rows;
  readonly numbers: Rows;
  readonly dialing: DialingPermissions;
  readonly addresses: Rows;
  readonly applications: Rows;
  readonly callerIds: Rows;
  readonly regulatory: Regulatory;
  readonly usage = new Usage();
  readonly usageTriggers: Rows;
  /** Caller IDs that were asked for, by number, until whoever answers there says the code. */
  readonly validations = new Map<string, CallerIdValidation>();
  /** By their SID. */
  readonly portIns = new Map<string, PortIn>();
  /** Regulatory bundles that people at Twilio have approved. */
  readonly approvedBundles = new Set<string>();
  private readonly parts = new Map<string, Rows>();
  private readonly mappings = new Map<string, DomainMappings>();

  constructor(
    public identity: Identity,
    readonly parent: Account | null,
    private readonly around: Surroundings,
  ) {
    this.domains = this.rows('SD', { type: 'sip-domain' });
    this.lists = this.rows('CL', { type: 'sip-credential-list' });
    this.addressLists = this.rows('AL', { type: 'sip-ip-access-control-list' });
    this.numbers = this.rows('PN', { type: 'phone-number' });
    this.addresses = this.rows('AD');
    this.applications = this.rows('AP', { type: 'application' });
    this.callerIds = this.rows('PN', { type: 'caller-id' });
    this.regulatory = new Regulatory((prefix) => this.rows(prefix));
    this.usageTriggers = this.rows('UT', { type: 'usage-trigger' });
    this.dialing = new DialingPermissions(parent?.dialing);
  }

  get sid(): string {
    return this.identity.sid;
  }

  /** A subaccount is no more alive than its parent. */
  get isActive(): boolean {
    return this.status === 'active' && (this.parent === null || this.parent.isActive);
  }

  haveInsights(enabled: boolean): void {
    this.insightsSince = enabled ? (this.insightsSince ?? new Date()) : undefined;
  }

  credentialsOf(listSid: string): Rows {
    return this.partsOf(listSid, 'CR', 'sip-credential-list');
  }

  addressesOf(listSid: string): Rows {
    return this.partsOf(listSid, 'IP', 'sip-ip-access-control-list');
  }

  mappingsOf(domainSid: string): DomainMappings {
    const subject = { type: 'sip-domain', partOf: domainSid };
    return ofKey(this.mappings, domainSid, () => ({ calls: this.rows('CL', subject), registrations: this.rows('CL', subject), addresses: this.rows('AL', subject) }));
  }

  /** Domains that the list is mapped to, in whichever way. */
  mappedAt(listSid: string): Row[] {
    return this.domains.all().filter(({ sid }) => Object.values(this.mappingsOf(sid)).some((mapped: Rows) => mapped.get(listSid) !== undefined));
  }

  dropList(listSid: string): void {
    this.lists.remove(listSid);
    this.addressLists.remove(listSid);
    this.parts.delete(listSid);
  }

  /** What goes with an account that is closed: its numbers are nobody's any more, and nobody gets them back. */
  dropAll(): void {
    for (const { sid } of this.numbers.all()) this.numbers.remove(sid);
    for (const { sid } of this.domains.all()) this.dropDomain(sid);
    for (const { sid } of [...this.lists.all(), ...this.addressLists.all()]) this.dropList(sid);
  }

  dropDomain(domainSid: string): void {
    this.domains.remove(domainSid);
    this.mappings.delete(domainSid);
  }

  /** Writes a line to the audit log, of whoever acts now. */
  tell(eventType: string, resourceSid: string, data: Attributes = {}): void {
    this.events.push(this.around.audit.line(eventType, resourceSid, data));
  }

  private partsOf(sid: string, prefix: string, type: string): Rows {
    return ofKey(this.parts, sid, () => this.rows(prefix, { type, partOf: sid }));
  }

  /** @param subject as what changes are told in the audit log; Twilio's has nothing of what has none */
  private rows(prefix: string, subject?: Subject): Rows {
    return new Rows(
      prefix,
      () => this.around.hiddenMs,
      (change) => {
        const line = subject && this.around.audit.lineOf(subject, change);
        if (line !== undefined) this.events.push(line);
      },
    );
  }
}

export const newToken = (): string => randomBytes(16).toString('hex');

export const newIdentity = (friendlyName: string): Identity => ({ sid: newSid('AC'), authToken: newToken(), friendlyName });

function ofKey<V>(map: Map<string, V>, key: string, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
