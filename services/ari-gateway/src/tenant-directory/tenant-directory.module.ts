import { Module } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { OwnershipModule } from '../edges/ownership.module.js';
import { ReplicaSignals } from '../replicas/replica-signals.js';
import { DigestFetcher } from './digest-fetcher.js';
import { DirectoryKeeper } from './directory-keeper.js';
import { PgDirectoryRepository } from './directory.repository.pg.js';
import { OnTenantChanged } from './on-tenant-changed.consumer.js';
import { TenantDirectory } from './tenant-directory.js';

/** Who is who: kept by events, seeded by the snapshot. */
@Module({
  imports: [OwnershipModule],
  providers: [
    { provide: TenantDirectory, useFactory: () => new TenantDirectory() },
    {
      provide: DirectoryKeeper,
      inject: [Database, CommandClient, TenantDirectory, ReplicaSignals, LOGGER],
      useFactory: (db: Database, commands: CommandClient, directory: TenantDirectory, signals: ReplicaSignals, logger: Logger) => {
        const repository = new PgDirectoryRepository(db);
        return new DirectoryKeeper(db, repository, directory, new DigestFetcher(repository, commands, logger), { commands, signals, logger });
      },
    },
    OnTenantChanged,
  ],
  exports: [TenantDirectory, DirectoryKeeper],
})
export class TenantDirectoryModule {}
