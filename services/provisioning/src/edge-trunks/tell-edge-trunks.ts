import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import type { EdgeTrunksV1 } from '@troncal/contracts';
import type { Logger } from '@troncal/observability';
import type { z } from 'zod';
import { sipDigest } from '../credentials/sip-digest.js';
import { edgeTrunkUser } from './edge-trunk.js';
import { EdgeTrunkVault } from './edge-trunk-vault.js';
import { EdgeTrunkRepository } from './edge-trunks.repository.js';

type Told = z.output<typeof EdgeTrunksV1.reply>;

/** Tells the digests with which Twilio's rail is let in at our Asterisk. One whose password does not open is left out: nobody could call with it. */
@Injectable()
export class TellEdgeTrunks {
  constructor(
    private readonly trunks: EdgeTrunkRepository,
    private readonly vault: EdgeTrunkVault,
    @Inject(CONFIG) private readonly config: { readonly SIP_REALM: string },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(): Promise<Told> {
    const { SIP_REALM: realm } = this.config;
    const passwords = await this.passwords();
    return { trunks: [...passwords].map(([environment, password]) => ({ environment, sipUser: edgeTrunkUser(environment), realm, ha1: sipDigest(edgeTrunkUser(environment), realm, password) })) };
  }

  /** By environment. */
  async passwords(): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, string>();
    for (const { environment, password } of await this.trunks.list()) {
      if (password === null) continue;
      try {
        known.set(environment, this.vault.open(environment, password));
      } catch (error) {
        this.logger.error({ err: error, environment }, 'calls of this environment can’t be handed to our Asterisk: the password does not open');
      }
    }
    return known;
  }
}
