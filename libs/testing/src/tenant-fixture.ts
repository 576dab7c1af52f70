import { randomBytes } from 'node:crypto';
import type { RouteInput } from '@troncal/contracts';
import type { ApiClient } from './api-client.js';

export interface SipAccount {
  readonly extension: string;
  readonly sipUser: string;
  readonly password: string;
}

/** A tenant made for one suite and removed by it, so that suites neither meet nor leave anything behind. */
export class TenantFixture {
  private constructor(
    readonly code: string,
    private readonly api: ApiClient,
  ) {}

  /** Creates a tenant with a code nobody else has. */
  static async create(api: ApiClient, prefix = 't'): Promise<TenantFixture> {
    const code = `${prefix}${randomBytes(5).toString('hex')}`;
    await api.expect('POST', '/api/tenants', { code, name: `Suite ${code}`, country: 'CL', language: 'es', timeZone: 'America/Santiago' });
    return new TenantFixture(code, api);
  }

  /** Declares an endpoint and gives its SIP account. */
  async endpoint(extension: string, queues: readonly string[] = []): Promise<SipAccount> {
    const body = await this.api.expect<{ sipUser: string; password: string }>('PUT', `/api/tenants/${this.code}/endpoints/${extension}`, { displayName: `Phone ${extension}`, queues });
    return { extension, sipUser: body.sipUser, password: body.password };
  }

  /** Declares a route. */
  async route(code: string, route: RouteInput): Promise<void> {
    await this.api.expect('PUT', `/api/tenants/${this.code}/routes/${code}`, route);
  }

  /** Gives the tenant a number that leads to a route. */
  async number(e164: string, route: string): Promise<void> {
    await this.api.expect('PUT', `/api/tenants/${this.code}/numbers/${encodeURIComponent(e164)}`, { route });
  }

  /** Removes the tenant with all that belongs to it. */
  async remove(): Promise<void> {
    await this.api.expect('DELETE', `/api/tenants/${this.code}`);
  }
}
