import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { ResealCredentials } from './reseal-credentials.js';

/** After a start with a new key file everything is sealed anew, in the background; what failed is tried again at the next start. */
@Injectable()
export class ResealOnStart implements OnApplicationBootstrap {
  constructor(
    private readonly schema: Schema,
    private readonly reseal: ResealCredentials,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.schema.ready().then(() => this.run());
  }

  private async run(): Promise<void> {
    try {
      const { resealed, unopened } = await this.reseal.run();
      if (resealed > 0) this.logger.info({ resealed }, 'passwords were sealed with the new key');
      if (unopened.length > 0) this.logger.error({ endpoints: unopened.slice(0, 50), count: unopened.length }, 'passwords do not open with any key of the key file; put the old key back, or rotate them');
    } catch (error) {
      this.logger.warn({ err: error }, 'passwords could not be sealed with the new key; it is tried again at the next start');
    }
  }
}
