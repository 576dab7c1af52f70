import type { AmiClient, AmiMessage, AriClient, Unsubscribe } from '@troncal/ari';
import { errorText } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { LateWrites } from '../calls/late-writes.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { EdgesPublisher } from './edges.publisher.js';
import type { EdgeRepository, Tenure } from './edge.repository.js';

/** Where changes of contacts go. */
export interface ContactPorts {
  readonly ari: AriClient;
  readonly edges: EdgeRepository;
  readonly events: EdgesPublisher;
  readonly directory: TenantDirectory;
  readonly late: LateWrites;
  readonly tenure: Tenure;
}

/** A contact that was there before we listened. */
const UNKNOWN_ADDRESS = '';

/** Contacts that a phone has, by their address. */
interface Phone {
  readonly contacts: Set<string>;
  userAgent: string | undefined;
}

/** Follows AMI's ContactStatus: a phone's first contact is a registration, the end of its last one the opposite; a trunk's contact is its state. */
export class ContactListener {
  private readonly phones = new Map<string, Phone>();
  private stopListening: Unsubscribe = () => {};
  private stopWatching: Unsubscribe = () => {};

  constructor(
    private readonly ami: AmiClient,
    private readonly ports: ContactPorts,
    private readonly logger: Logger,
  ) {}

  /** Begins to listen; after each connection the list of endpoints is asked for, since events of the time before are lost. */
  async start(): Promise<void> {
    for (const row of await this.ports.edges.registrations(this.ports.tenure.edgeId)) this.phones.set(row.sipUser, { contacts: new Set(), userAgent: row.userAgent ?? undefined });
    this.stopListening = this.ami.onEvent((event) => {
      if (event.event === 'ContactStatus') this.take(event);
    });
    // Events by one, the list by the other: whichever is there last.
    const { ari } = this.ports;
    const look = (): void => {
      if (this.ami.state !== 'connected' || ari.state !== 'connected') return;
      this.compare().catch((error: unknown) => this.logger.warn({ err: error }, 'the contacts of the phones could not be listed'));
    };
    const stops = [this.ami.onState(look), ari.onState(look)];
    this.stopWatching = () => {
      for (const stop of stops) stop();
    };
    look();
  }

  /** Whether a phone can be rung here, as far as was told. */
  has(sipUser: string): boolean {
    return this.phones.has(sipUser);
  }

  stop(): void {
    this.stopListening();
    this.stopWatching();
  }

  private take(event: AmiMessage): void {
    const user = event.get('EndpointName') ?? event.get('AOR') ?? '';
    const status = event.get('ContactStatus') ?? '';
    if (this.ports.directory.trunk(user)) return this.trunk(user, status);
    const uri = event.get('URI') ?? '';
    if (status === 'NonQualified') this.qualify(user);
    if (status === 'Removed') this.remove(user, uri, 'unregistered');
    else if (status === 'Unreachable') this.remove(user, uri, 'unreachable');
    else if (status !== 'Unknown' && uri !== '') this.add(user, uri, event.get('UserAgent'));
  }

  /**
   * Asterisk asks a new contact whether it is there only after a second or three (22.10), and until then app_queue takes the phone for absent: a
   * person who has just logged in would not be rung. So it is asked at once.
   */
  private qualify(sipUser: string): void {
    this.ami.action('PJSIPQualify', { Endpoint: sipUser }).catch((error: unknown) => this.logger.debug({ reason: errorText(error), phone: sipUser }, 'a new contact could not be qualified'));
  }

  /** What Asterisk has now against what was told: by endpoint, since AMI's list of contacts wants more rights than the gateway has. */
  private async compare(): Promise<void> {
    const online = (await this.ports.ari.endpoints.listByTech({ tech: 'PJSIP' })).filter((endpoint) => endpoint.state === 'online').map((endpoint) => endpoint.resource);
    for (const user of online) if (!this.ports.directory.trunk(user) && (this.phones.get(user)?.contacts.size ?? 0) === 0) this.add(user, UNKNOWN_ADDRESS, undefined);
    for (const user of this.phones.keys()) if (!online.includes(user)) this.gone(user, 'expired');
  }

  private add(sipUser: string, uri: string, userAgent: string | undefined): void {
    const phone = this.phones.get(sipUser) ?? { contacts: new Set<string>(), userAgent };
    const known = this.phones.has(sipUser);
    this.phones.set(sipUser, phone);
    if (phone.contacts.has(uri)) return;
    // Its address was not known until now.
    const told = phone.contacts.delete(UNKNOWN_ADDRESS);
    phone.contacts.add(uri);
    if (told) return;
    phone.userAgent = userAgent ?? phone.userAgent;
    const contacts = phone.contacts.size;
    // Stored and told by whoever was here before us: after a restart with hundreds of phones their rows would keep what is new waiting.
    if (known && contacts === 1 && uri === UNKNOWN_ADDRESS) return;
    const agent = phone.userAgent?.slice(0, 200);
    const { edges, events, tenure } = this.ports;
    this.ports.late.add('registration', async (tx) => {
      if (!(await edges.owns(tx, tenure))) return;
      await edges.putRegistration(tx, tenure.edgeId, { sipUser, contacts, userAgent: agent ?? null });
      // Known before this process and without contacts of its own yet: told already.
      if (known && contacts === 1) return;
      const { tenant, extension } = this.owner(sipUser);
      await events.registered(tx, tenant, { sipUser, extension, contacts, ...(agent ? { userAgent: agent } : {}) });
    });
  }

  private remove(sipUser: string, uri: string, reason: 'unregistered' | 'expired' | 'unreachable'): void {
    const phone = this.phones.get(sipUser);
    phone?.contacts.delete(uri);
    phone?.contacts.delete(UNKNOWN_ADDRESS);
    if (phone?.contacts.size === 0) this.gone(sipUser, reason);
  }

  private gone(sipUser: string, reason: 'unregistered' | 'expired' | 'unreachable'): void {
    this.phones.delete(sipUser);
    const { edges, events, tenure } = this.ports;
    const { tenant, extension } = this.owner(sipUser);
    this.ports.late.add('registration', async (tx) => {
      if (!(await edges.owns(tx, tenure))) return;
      await edges.removeRegistration(tx, tenure.edgeId, sipUser);
      await events.unregistered(tx, tenant, { sipUser, extension, reason });
    });
  }

  private trunk(trunk: string, status: string): void {
    const state = status === 'Reachable' ? 'reachable' : status === 'Unreachable' ? 'unreachable' : 'unknown';
    const { edges, events, directory, tenure } = this.ports;
    const tenant = directory.trunk(trunk)?.tenant ?? '_';
    this.ports.late.add('trunk state', async (tx) => {
      if (!(await edges.owns(tx, tenure))) return;
      if (await edges.putTrunkState(tx, trunk, state)) await events.trunkChanged(tx, tenant, { trunk, state });
    });
  }

  private owner(sipUser: string): { readonly tenant: string; readonly extension: string } {
    const endpoint = this.ports.directory.endpointOfSipUser(sipUser);
    return { tenant: endpoint?.tenant ?? '_', extension: endpoint?.extension ?? sipUser };
  }
}
