import type { DirectoryChange, EndpointFacts, NumberFacts, RouteFacts, TenantFacts, TrunkFacts } from './directory-facts.js';

/**
 * Who is who, in memory: what a call needs to know at its start, so that calls are served with the database and provisioning away.
 * Changes are taken in any order; an older revision never replaces a newer one.
 */
export class TenantDirectory {
  private readonly tenants = new Map<string, TenantFacts>();
  private readonly numbers = new Map<string, NumberFacts>();
  private readonly routes = new Map<string, Map<string, RouteFacts>>();
  private readonly endpoints = new Map<string, Map<string, EndpointFacts>>();
  private readonly bySipUser = new Map<string, EndpointFacts>();
  private trunks = new Map<string, TrunkFacts>();

  tenant(code: string): TenantFacts | undefined {
    return this.tenants.get(code);
  }

  /** The tenant's code where there is one tenant and no more: then nobody needs to say which is meant. */
  onlyTenant(): string | undefined {
    const [only, another] = this.tenants.keys();
    return another === undefined ? only : undefined;
  }

  /** The tenant and route of a number in E.164. */
  number(e164: string): NumberFacts | undefined {
    return this.numbers.get(e164);
  }

  numbersOf(tenant: string): string[] {
    return [...this.numbers.values()].filter((each) => each.tenant === tenant).map((each) => each.number);
  }

  route(tenant: string, code: string): RouteFacts | undefined {
    return this.routes.get(tenant)?.get(code);
  }

  routeByExtension(tenant: string, extension: string): RouteFacts | undefined {
    return [...(this.routes.get(tenant)?.values() ?? [])].find((each) => each.route.extension === extension);
  }

  allRoutes(): RouteFacts[] {
    return [...this.routes.values()].flatMap((routes) => [...routes.values()]);
  }

  endpoint(tenant: string, extension: string): EndpointFacts | undefined {
    return this.endpoints.get(tenant)?.get(extension);
  }

  endpointOfSipUser(sipUser: string): EndpointFacts | undefined {
    return this.bySipUser.get(sipUser);
  }

  trunk(name: string): TrunkFacts | undefined {
    return this.trunks.get(name);
  }

  trunksOf(tenant: string): TrunkFacts[] {
    return [...this.trunks.values()].filter((each) => each.tenant === tenant).toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** Replaces all trunks. */
  setTrunks(trunks: readonly TrunkFacts[]): void {
    this.trunks = new Map(trunks.map((each) => [each.name, each]));
  }

  apply(change: DirectoryChange): void {
    switch (change.kind) {
      case 'tenant':
        if (newer(change.facts, this.tenants.get(change.facts.tenant))) this.tenants.set(change.facts.tenant, change.facts);
        return;
      case 'tenant_suspended': {
        const known = this.tenants.get(change.tenant);
        if (known && newer(change, known)) this.tenants.set(change.tenant, { ...known, suspended: true, revision: change.revision });
        return;
      }
      case 'tenant_removed':
        return this.removeTenant(change.tenant);
      case 'number':
        if (newer(change.facts, this.numbers.get(change.facts.number))) this.numbers.set(change.facts.number, change.facts);
        return;
      case 'number_removed':
        if (this.numbers.get(change.number)?.tenant === change.tenant) this.numbers.delete(change.number);
        return;
      case 'route': {
        const routes = childrenOf(this.routes, change.facts.tenant);
        if (newer(change.facts, routes.get(change.facts.code))) routes.set(change.facts.code, change.facts);
        return;
      }
      case 'route_removed':
        this.routes.get(change.tenant)?.delete(change.code);
        return;
      case 'endpoint': {
        const endpoints = childrenOf(this.endpoints, change.facts.tenant);
        if (!newer(change.facts, endpoints.get(change.facts.extension))) return;
        endpoints.set(change.facts.extension, change.facts);
        this.bySipUser.set(change.facts.sipUser, change.facts);
        return;
      }
      case 'endpoint_removed':
        this.endpoints.get(change.tenant)?.delete(change.extension);
        this.bySipUser.delete(change.sipUser);
        return;
      case 'credential':
    }
  }

  /** What is here and in none of these changes: removed while nobody told us. */
  without(all: readonly DirectoryChange[]): DirectoryChange[] {
    const kept = new Set(all.map(keyOf));
    const gone: DirectoryChange[] = [
      ...[...this.tenants.values()].map(({ tenant, revision }) => ({ kind: 'tenant_removed', tenant, revision }) as const),
      ...[...this.numbers.values()].map(({ number, tenant, revision }) => ({ kind: 'number_removed', number, tenant, revision }) as const),
      ...this.allRoutes().map(({ tenant, code, revision }) => ({ kind: 'route_removed', tenant, code, revision }) as const),
      ...[...this.bySipUser.values()].map(({ tenant, extension, sipUser, revision }) => ({ kind: 'endpoint_removed', tenant, extension, sipUser, revision }) as const),
    ];
    return gone.filter((change) => !kept.has(keyOf(change)));
  }

  private removeTenant(tenant: string): void {
    this.tenants.delete(tenant);
    this.routes.delete(tenant);
    for (const endpoint of this.endpoints.get(tenant)?.values() ?? []) this.bySipUser.delete(endpoint.sipUser);
    this.endpoints.delete(tenant);
    for (const [number, facts] of this.numbers) if (facts.tenant === tenant) this.numbers.delete(number);
  }
}

function newer(change: { readonly revision: number }, known: { readonly revision: number } | undefined): boolean {
  return known === undefined || change.revision >= known.revision;
}

function childrenOf<T>(parents: Map<string, Map<string, T>>, tenant: string): Map<string, T> {
  const known = parents.get(tenant);
  if (known) return known;
  const made = new Map<string, T>();
  parents.set(tenant, made);
  return made;
}

/** What a change is about. */
function keyOf(change: DirectoryChange): string {
  const of = 'facts' in change ? change.facts : change;
  const [what = ''] = change.kind.split('_');
  const name = 'number' in of ? of.number : 'code' in of ? of.code : 'extension' in of ? of.extension : '';
  // A number has one owner at a time, whoever that is.
  return what === 'number' ? `number ${name}` : `${what} ${of.tenant} ${name}`;
}
