import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import type { SealedSecret } from '@troncal/persistence';
import { ResealOnStart } from '../credentials/reseal-on-start.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookRepository } from './webhooks.repository.js';

/** A secret that signs, and whose it is. */
interface SigningSecret {
  readonly tenant: string;
  readonly id: string;
  readonly secret: SealedSecret;
}

/** Puts the secrets of webhooks under the active key. */
@Injectable()
export class ResealWebhooks extends ResealOnStart<SigningSecret> {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly secrets: WebhookSecrets,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super('secrets of webhooks', schema, logger);
  }

  protected sealedOtherwise(): Promise<SigningSecret[]> {
    return this.webhooks.sealedOtherwise(this.secrets.activeKeyId);
  }

  protected async reseal({ tenant, id, secret }: SigningSecret): Promise<void> {
    await this.webhooks.reseal(id, secret, this.secrets.seal(tenant, id, this.secrets.open(tenant, id, secret)));
  }

  protected ownerOf({ tenant, id }: SigningSecret): string {
    return `${tenant}/${id}`;
  }
}
