import { Injectable } from '@nestjs/common';
import { CredentialVault } from '../credentials/credential-vault.js';
import type { Endpoint } from './endpoint.js';
import { EndpointRepository } from './endpoints.repository.js';

/** What became of the passwords that were sealed with an older key. */
export interface Resealed {
  readonly resealed: number;
  /** `tenant/extension` of those that do not open; their phones can't register until they are rotated. */
  readonly unopened: readonly string[];
}

const BATCH = 200;

/** Puts every password under the active key, so that older keys can leave the key file. Passwords and revisions stay as they are. */
@Injectable()
export class ResealCredentials {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly vault: CredentialVault,
  ) {}

  async run(): Promise<Resealed> {
    const unopened: string[] = [];
    let resealed = 0;
    let last: Endpoint | undefined;
    for (;;) {
      const batch = await this.endpoints.sealedOtherwise(this.vault.activeKeyId, BATCH, last);
      if (batch.length === 0) return { resealed, unopened };
      for (const { endpoint, credential } of batch) {
        const password = this.tryOpen(endpoint, credential);
        if (password === undefined) unopened.push(`${endpoint.tenant}/${endpoint.extension}`);
        else {
          await this.endpoints.reseal(endpoint, this.vault.seal(endpoint, password));
          resealed += 1;
        }
        last = endpoint;
      }
    }
  }

  private tryOpen(endpoint: Endpoint, credential: Parameters<CredentialVault['open']>[1]): string | undefined {
    try {
      return this.vault.open(endpoint, credential);
    } catch {
      return undefined;
    }
  }
}
