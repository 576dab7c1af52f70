import { Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import { EdgeTrunkVault } from './edge-trunk-vault.js';
import { EdgeTrunksController } from './edge-trunks.controller.js';
import { EdgeTrunkPublisher } from './edge-trunks.publisher.js';
import { EdgeTrunkRepository } from './edge-trunks.repository.js';
import { PgEdgeTrunkRepository } from './edge-trunks.repository.pg.js';
import { EdgeTrunksResponder } from './edge-trunks.responder.js';
import { KeepEdgeTrunk } from './keep-edge-trunk.js';
import { ResealEdgeTrunks } from './reseal-edge-trunks.js';
import { TellEdgeTrunks } from './tell-edge-trunks.js';

/** How Twilio's rail proves to our Asterisk who it is. */
@Module({
  controllers: [EdgeTrunksResponder, EdgeTrunksController],
  providers: [
    { provide: EdgeTrunkRepository, useClass: PgEdgeTrunkRepository },
    { provide: EdgeTrunkVault, inject: [CONFIG], useFactory: (config: { readonly CREDENTIALS_KEY: string }) => new EdgeTrunkVault(parseKeyRing(config.CREDENTIALS_KEY)) },
    EdgeTrunkPublisher,
    KeepEdgeTrunk,
    TellEdgeTrunks,
    ResealEdgeTrunks,
  ],
  exports: [KeepEdgeTrunk, TellEdgeTrunks],
})
export class EdgeTrunksModule {}
