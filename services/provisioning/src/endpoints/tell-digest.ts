import { CredentialVault } from '../credentials/credential-vault.js';
import { sipDigest } from '../credentials/sip-digest.js';
import { sipUserOf } from './endpoint.js';
import { unknownEndpoint } from './endpoints.errors.js';
import type { EndpointRepository } from './endpoints.repository.js';

/** What Asterisk needs to let a phone register. */
export interface EndpointDigest {
  readonly sipUser: string;
  readonly realm: string;
  /** MD5(user:realm:password) in hex. */
  readonly ha1: string;
  readonly credentialRevision: number;
}

/** Tells the digest of an endpoint’s password; the password itself stays here. @throws PermanentError `unknown_endpoint`, `credential_key_missing`, `credential_damaged` */
export class TellDigest {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly vault: CredentialVault,
    private readonly realm: string,
  ) {}

  async run(tenant: string, extension: string): Promise<EndpointDigest> {
    const found = await this.endpoints.find(tenant, extension);
    if (!found) throw unknownEndpoint(tenant, extension);
    const sipUser = sipUserOf(tenant, extension);
    const password = this.vault.open(found.endpoint, found.credential);
    return { sipUser, realm: this.realm, ha1: sipDigest(sipUser, this.realm, password), credentialRevision: found.endpoint.credentialRevision };
  }
}
