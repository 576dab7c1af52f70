import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { backoffMs, errorText, pause, type Backoff, type Clock } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { DirectoryIndex, type RetiredRoute } from './directory-index.js';
import { LastKnownState } from './last-known-state.js';
import type { Webhook } from '../webhooks/webhook.js';
import { VoiceDirectorySource } from './voice-directory-source.js';
import type { VoiceEndpoint, VoiceEnvironment, VoiceRoute, VoiceTenant } from './voice-tenant.js';

/** Without any signal; a signal is followed at once, unless it has just been read. */
const READ_AGAIN_MS = 30_000;
/** Of the time at most this part is spent on reading: while a thousand tenants are made one signal follows the other, each reading takes hundreds of ms, and calls are answered meanwhile. */
const SHARE_OF_TIME = 0.2;
const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };
/** The longest call that Twilio lets run is 4 h; a day is easier to remember. */
const KEEP_RETIRED_MS = 24 * 3_600_000;

/**
 * Who is who on Twilio's rail: numbers, phones, routes and environments, in memory. Asking it waits for nothing. It follows its source, and while that can't
 * be reached it goes on with what it knows, from this run or (after a start) from a local file; the log says so. Routes of revisions that went out of force
 * are kept for a day, for the calls that walk them.
 */
@Injectable()
export class VoiceDirectory implements OnModuleInit, BeforeApplicationShutdown {
  private index = new DirectoryIndex([], [], []);
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;
  private unfollow: () => void = () => {};
  private wake: () => void = () => {};
  private asOf: string | undefined;
  private written = '';
  private behind = false;

  constructor(
    private readonly source: VoiceDirectorySource,
    private readonly known: LastKnownState,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const found = this.known.read();
    if (found && 'damaged' in found) this.logger.error({ reason: found.damaged }, 'the last known state of the voice directory can’t be used; calls are refused until the declarations have been read');
    else if (found) {
      this.index = new DirectoryIndex(found.state.tenants, found.state.environments, found.state.retired);
      this.asOf = found.savedAt;
      this.behind = true;
      this.logger.warn({ savedAt: found.savedAt, tenants: found.state.tenants.length }, 'calls are answered from the last known state until the declarations have been read');
    }
    this.unfollow = this.source.onChanged(() => this.wake());
    this.following = runOutsideContext(() => this.follow());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unfollow();
    this.stopping.abort();
    this.wake();
    await this.following;
  }

  /** When what it knows was read, ISO 8601; undefined: nothing has been yet. */
  get knownSince(): string | undefined {
    return this.asOf;
  }

  get environments(): readonly VoiceEnvironment[] {
    return this.index.environments;
  }

  environment(name: string): VoiceEnvironment | undefined {
    return this.index.environment(name);
  }

  tenant(environment: string, code: string): VoiceTenant | undefined {
    return this.index.tenant(environment, code);
  }

  /** The environment of a tenant, when the account that the tenant is in has signed; undefined: what is asked is none of the signer's business. */
  signed({ signers }: Pick<Webhook, 'signers'>, { environment, tenant }: { readonly environment: string; readonly tenant: string }): VoiceEnvironment | undefined {
    const own = this.index.tenant(environment, tenant)?.ownAccount === true ? tenant : null;
    return signers.some((signer) => signer.environment === environment && signer.tenant === own) ? this.index.environment(environment) : undefined;
  }

  /** A number of one of the tenants that are in an account that has signed. */
  numberOf(webhook: Pick<Webhook, 'signers'>, e164: string): { readonly tenant: VoiceTenant; readonly route: string } | undefined {
    for (const { environment } of webhook.signers) {
      const found = this.index.number(environment, e164);
      if (found && this.signed(webhook, found.tenant)) return found;
    }
    return undefined;
  }

  /** Whose number it is in that environment, and the code of the route that it leads to. */
  number(environment: string, e164: string): { readonly tenant: VoiceTenant; readonly route: string } | undefined {
    return this.index.number(environment, e164);
  }

  /** The phone that is this SIP user of this domain. Exact: what isn't declared has no tenant. */
  phone(domain: string, username: string): { readonly tenant: VoiceTenant; readonly endpoint: VoiceEndpoint } | undefined {
    return this.index.phone(domain, username);
  }

  /** A route as it stood at that revision, kept for a day after its end; the one in force when no revision is named. */
  route(environment: string, tenant: string, code: string, revision?: number): VoiceRoute | undefined {
    return this.index.route(environment, tenant, code, revision);
  }

  /** The phones of an extension that may ring. */
  endpoints({ endpoints }: VoiceTenant, extension: string): VoiceEndpoint[] {
    return endpoints.filter((endpoint) => endpoint.enabled && endpoint.extension === extension);
  }

  /** The phones that take a queue's calls: those of the role of that name, and those that name the queue. */
  members({ endpoints }: VoiceTenant, queue: string): VoiceEndpoint[] {
    return endpoints.filter((endpoint) => endpoint.enabled && (endpoint.role === queue || (endpoint.queues ?? []).includes(queue)));
  }

  private async follow(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const began = performance.now();
      let notBefore = began;
      try {
        await this.refresh();
        failures = 0;
        notBefore = began + (performance.now() - began) / SHARE_OF_TIME;
      } catch (error) {
        failures += 1;
        if (failures === 1) this.logger.warn({ reason: errorText(error), asOf: this.asOf ?? null }, 'the declarations can’t be read; calls are answered from the last known state');
        this.behind = true;
      }
      const ended = new AbortController();
      await Promise.race([woken, pause(failures === 0 ? READ_AGAIN_MS : backoffMs(RETRY, failures), AbortSignal.any([this.stopping.signal, ended.signal]))]);
      ended.abort();
      await pause(Math.max(0, notBefore - performance.now()), this.stopping.signal);
    }
  }

  private async refresh(): Promise<void> {
    const [tenants, environments] = await Promise.all([this.source.load(), this.source.environments()]);
    const now = this.clock.now();
    const fresh = new DirectoryIndex(tenants, environments, []);
    const retired: RetiredRoute[] = [...this.index.retired, ...this.index.retiredBy(fresh, now)].filter(
      (route) => now - route.retiredAt < KEEP_RETIRED_MS && fresh.route(route.environment, route.tenant, route.code, route.revision) === undefined,
    );
    this.index = new DirectoryIndex(tenants, environments, retired);
    this.asOf = this.clock.date().toISOString();
    if (this.behind) this.logger.info({ tenants: tenants.length }, 'the declarations have been read again');
    this.behind = false;
    await this.keep({ tenants, environments, retired });
  }

  /** A disk that is full takes nothing from the calls of now. */
  private async keep(state: Parameters<LastKnownState['write']>[0]): Promise<void> {
    const content = JSON.stringify(state);
    if (content === this.written) return;
    try {
      await this.known.write(state, this.asOf ?? this.clock.date().toISOString());
      this.written = content;
    } catch (error) {
      this.logger.error({ err: error }, 'the last known state of the voice directory could not be written: a replica that starts while PostgreSQL is away would know an older one');
    }
  }
}
