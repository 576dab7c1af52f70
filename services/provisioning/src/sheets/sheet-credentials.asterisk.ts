import { asteriskTerms, type SheetFacts } from '@troncal/device-sheets';
import { PermanentError } from '@troncal/kernel';
import type { CredentialVault } from '../credentials/credential-vault.js';
import { sipUserOf } from '../endpoints/endpoint.js';
import type { EndpointRepository } from '../endpoints/endpoints.repository.js';
import type { TenantRepository } from '../tenants/tenants.repository.js';
import { ASTERISK_ENVIRONMENT, SheetCredentials } from './sheet-credentials.js';

/** Where phones find our Asterisk, and what it calls its protection space. */
export interface AsteriskPlace {
  /** A host name, the setting SIP_PUBLIC_HOST. */
  readonly host: string | undefined;
  readonly realm: string;
}

/** The phones of our own Asterisk: the environment `asterisk`. */
export class AsteriskSheetCredentials extends SheetCredentials {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly endpoints: EndpointRepository,
    private readonly vault: CredentialVault,
    private readonly place: AsteriskPlace,
  ) {
    super();
  }

  async load(environment: string, code: string): Promise<readonly SheetFacts[] | undefined> {
    if (environment !== ASTERISK_ENVIRONMENT) return undefined;
    const tenant = await this.tenants.find(code);
    if (!tenant) return undefined;
    const { host, realm } = this.place;
    if (host === undefined) {
      throw new PermanentError('no_sip_host', 'It is not known under which name phones reach our Asterisk, so no sheet can be written.', {
        status: 409,
        remedy: 'Set SIP_PUBLIC_HOST of provisioning to the host name of the edge.',
      });
    }
    const enabled = (await this.endpoints.list(code)).filter((endpoint) => endpoint.enabled);
    const whole = await Promise.all(enabled.map((endpoint) => this.endpoints.find(code, endpoint.extension)));
    return whole
      .filter((found) => found !== undefined)
      .map(({ endpoint, credential }) => ({
        ...asteriskTerms(realm),
        tenant: code,
        displayName: endpoint.displayName,
        extension: endpoint.extension,
        role: endpoint.role,
        username: sipUserOf(code, endpoint.extension),
        password: this.vault.open(endpoint, credential),
        domain: host,
        proxy: null,
        port: null,
        timeZone: tenant.timeZone,
        language: tenant.language,
      }));
  }
}
