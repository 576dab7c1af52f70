import { Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import type { ProvisioningConfig } from '../config.js';
import { DeclarationsModule } from '../declarations.module.js';
import { AddDevices } from './add-devices.js';
import { ChooseDevices } from './choose-devices.js';
import { DeviceClouds } from './device-clouds.js';
import { DevicesController } from './devices.controller.js';
import { GdmsAccountVault } from './gdms-account-vault.js';
import { GdmsAccountsController } from './gdms-accounts.controller.js';
import { GdmsAccountRepository } from './gdms-accounts.repository.js';
import { PgGdmsAccountRepository } from './gdms-accounts.repository.pg.js';
import { LookAtDevices } from './look-at-devices.js';
import { RebootDevices } from './reboot-devices.js';
import { ResealGdmsAccounts } from './reseal-gdms-accounts.js';
import { ShowDevices } from './show-devices.js';

/** Telephones in their makers' clouds: what these see of them, adding and rebooting them. */
@Module({
  imports: [DeclarationsModule],
  controllers: [DevicesController, GdmsAccountsController],
  providers: [
    { provide: GdmsAccountRepository, useClass: PgGdmsAccountRepository },
    { provide: GdmsAccountVault, inject: [CONFIG], useFactory: (config: ProvisioningConfig) => new GdmsAccountVault(parseKeyRing(config.CREDENTIALS_KEY)) },
    {
      provide: DeviceClouds,
      inject: [GdmsAccountRepository, GdmsAccountVault, CONFIG],
      useFactory: (accounts: GdmsAccountRepository, vault: GdmsAccountVault, config: ProvisioningConfig) =>
        new DeviceClouds(accounts, vault, {
          apiUrl: config.GDMS_API_URL,
          atOnce: { start: Math.min(config.GDMS_CONCURRENCY_START, config.GDMS_CONCURRENCY_MOST), most: config.GDMS_CONCURRENCY_MOST },
          meanings: { registered: config.GDMS_REGISTERED, unregistered: config.GDMS_UNREGISTERED },
        }),
    },
    LookAtDevices,
    ChooseDevices,
    ShowDevices,
    AddDevices,
    RebootDevices,
    ResealGdmsAccounts,
  ],
  exports: [LookAtDevices],
})
export class DevicesModule {}
