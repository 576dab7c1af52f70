import type { VoiceEndpoint, VoiceEnvironment, VoiceRoute, VoiceTenant } from './voice-tenant.js';

/** A route that was in force once and may still be in the middle of a call. */
export interface RetiredRoute extends VoiceRoute {
  readonly environment: string;
  readonly tenant: string;
  /** Milliseconds since the epoch. */
  readonly retiredAt: number;
}

/** One state of the directory, indexed for all that a call asks. Made anew for each state, never changed. */
export class DirectoryIndex {
  private readonly tenants = new Map<string, VoiceTenant>();
  private readonly numbers = new Map<string, { readonly tenant: VoiceTenant; readonly route: string }>();
  private readonly phones = new Map<string, { readonly tenant: VoiceTenant; readonly endpoint: VoiceEndpoint }>();
  private readonly current = new Map<string, VoiceRoute>();
  private readonly pinned = new Map<string, VoiceRoute>();
  private readonly byName: ReadonlyMap<string, VoiceEnvironment>;

  constructor(
    tenants: readonly VoiceTenant[],
    readonly environments: readonly VoiceEnvironment[],
    readonly retired: readonly RetiredRoute[],
  ) {
    this.byName = new Map(environments.map((environment) => [environment.name, environment]));
    for (const { environment, tenant, ...route } of retired) this.pinned.set(key(environment, tenant, route.code, String(route.revision)), route);
    for (const tenant of tenants) this.add(tenant);
  }

  private add(tenant: VoiceTenant): void {
    const { environment, tenant: code } = tenant;
    this.tenants.set(key(environment, code), tenant);
    for (const { e164, route } of tenant.numbers) this.numbers.set(key(environment, e164), { tenant, route });
    for (const endpoint of tenant.endpoints) if (endpoint.rail === 'twilio') this.phones.set(key(tenant.domain.toLowerCase(), endpoint.username), { tenant, endpoint });
    for (const route of tenant.routes) {
      this.pinned.set(key(environment, code, route.code, String(route.revision)), route);
      const named = key(environment, code, route.code);
      if ((this.current.get(named)?.revision ?? -1) < route.revision) this.current.set(named, route);
    }
  }

  all(): VoiceTenant[] {
    return [...this.tenants.values()];
  }

  environment(name: string): VoiceEnvironment | undefined {
    return this.byName.get(name);
  }

  tenant(environment: string, code: string): VoiceTenant | undefined {
    return this.tenants.get(key(environment, code));
  }

  number(environment: string, e164: string): { readonly tenant: VoiceTenant; readonly route: string } | undefined {
    return this.numbers.get(key(environment, e164));
  }

  phone(domain: string, username: string): { readonly tenant: VoiceTenant; readonly endpoint: VoiceEndpoint } | undefined {
    return this.phones.get(key(domain.toLowerCase(), username));
  }

  route(environment: string, tenant: string, code: string, revision?: number): VoiceRoute | undefined {
    return revision === undefined ? this.current.get(key(environment, tenant, code)) : this.pinned.get(key(environment, tenant, code, String(revision)));
  }

  /** The routes of this state that are not in force in `next`, for calls that walk them. */
  retiredBy(next: DirectoryIndex, now: number): RetiredRoute[] {
    return this.all().flatMap(({ environment, tenant, routes }) =>
      routes.filter(({ code, revision }) => next.route(environment, tenant, code, revision) === undefined).map((route) => ({ ...route, environment, tenant, retiredAt: now })),
    );
  }
}

/** Parts can't run into each other: none of them may hold a line break. */
const key = (...parts: readonly string[]): string => parts.join('\n');
