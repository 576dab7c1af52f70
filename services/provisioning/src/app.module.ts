import { Global, Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import { accountSettings, type ProvisioningConfig } from './config.js';
import { AvailabilityModule } from './availability/availability.module.js';
import { WatchAvailabilityModule } from './availability/watch-availability.module.js';
import { DeclarationsModule } from './declarations.module.js';
import { DevicesModule } from './devices/devices.module.js';
import { KpisModule } from './kpis/kpis.module.js';
import { RailAccounts } from './rail-calls/rail-accounts.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { QueueLineModule } from './queue-line/queue-line.module.js';
import { RailCallsModule } from './rail-calls/rail-calls.module.js';
import { SheetsModule } from './sheets/sheets.module.js';
import { ResealSubaccounts } from './subaccounts/reseal-subaccounts.js';
import { SubaccountRepository } from './subaccounts/subaccounts.repository.js';
import { PgSubaccountRepository } from './subaccounts/subaccounts.repository.pg.js';
import { TenantAccounts } from './subaccounts/tenant-accounts.js';
import { TwilioAccounts } from './twilio/accounts.js';
import { UsageAlertsModule } from './usage-alerts/usage-alerts.module.js';
import { VerifyModule } from './verify/verify.module.js';
import { VoiceDirectorySource } from './voice/directory/voice-directory-source.js';
import { VoiceModule } from './voice/voice.module.js';
import { DeclaredVoiceSource } from './voice-source/declared-voice-source.js';
import { DeclaredRailAccounts } from './voice-source/rail-accounts.declared.js';
import { WaitingNumbersModule } from './waiting-numbers/waiting-numbers.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The accounts at Twilio, the platform's and those of tenants, for all that is done there. */
@Global()
@Module({
  providers: [
    { provide: TwilioAccounts, inject: [CONFIG], useFactory: (config: ProvisioningConfig) => new TwilioAccounts(accountSettings(config)) },
    { provide: SubaccountRepository, useClass: PgSubaccountRepository },
    {
      provide: TenantAccounts,
      inject: [TwilioAccounts, SubaccountRepository, CONFIG],
      useFactory: (accounts: TwilioAccounts, subaccounts: SubaccountRepository, config: ProvisioningConfig) => new TenantAccounts(accounts, subaccounts, parseKeyRing(config.CREDENTIALS_KEY)),
    },
    { provide: RailAccounts, useClass: DeclaredRailAccounts },
    ResealSubaccounts,
  ],
  exports: [TwilioAccounts, SubaccountRepository, TenantAccounts, RailAccounts],
})
class AccountsModule {}

/** What voice is bound to: who is declared, where facts of calls go, who decides outbound legs, who is first in a queue, who counts what was answered. */
@Global()
@Module({
  imports: [DeclarationsModule, OutboundModule, RailCallsModule, AvailabilityModule, QueueLineModule],
  providers: [{ provide: VoiceDirectorySource, useClass: DeclaredVoiceSource }],
  exports: [VoiceDirectorySource, OutboundModule, RailCallsModule, AvailabilityModule, QueueLineModule],
})
class BoundModule {}

/** The composition root. */
@Module({ imports: [AccountsModule, DeclarationsModule, BoundModule, VoiceModule, SheetsModule, KpisModule, WebhooksModule, DevicesModule, UsageAlertsModule, WaitingNumbersModule, VerifyModule, WatchAvailabilityModule] })
export class AppModule {}
