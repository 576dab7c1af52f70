import { Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import type { ProvisioningConfig } from '../config.js';
import { CredentialVault } from '../credentials/credential-vault.js';
import { DeclarationsModule } from '../declarations.module.js';
import { EndpointRepository } from '../endpoints/endpoints.repository.js';
import { RegistrationsModule } from '../registrations/registrations.module.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { IssueSheets } from './issue-sheets.js';
import { AllSheetCredentials, SheetCredentials } from './sheet-credentials.js';
import { AsteriskSheetCredentials } from './sheet-credentials.asterisk.js';
import { TwilioSheetCredentials } from './sheet-credentials.twilio.js';
import { SheetLinksController } from './sheet-links.controller.js';
import { SheetsController } from './sheets.controller.js';
import { SheetPublisher } from './sheets.publisher.js';
import { SheetRepository } from './sheets.repository.js';
import { PgSheetRepository } from './sheets.repository.pg.js';
import { TakeSheet } from './take-sheet.js';

/** Device sheets and their one-time links. */
@Module({
  imports: [DeclarationsModule, RegistrationsModule],
  controllers: [SheetsController, SheetLinksController],
  providers: [
    { provide: SheetRepository, useClass: PgSheetRepository },
    TwilioSheetCredentials,
    {
      provide: SheetCredentials,
      inject: [TenantRepository, EndpointRepository, CredentialVault, TwilioSheetCredentials, CONFIG],
      useFactory: (tenants: TenantRepository, endpoints: EndpointRepository, vault: CredentialVault, twilio: TwilioSheetCredentials, config: ProvisioningConfig) =>
        new AllSheetCredentials([new AsteriskSheetCredentials(tenants, endpoints, vault, { host: config.SIP_PUBLIC_HOST, realm: config.SIP_REALM }), twilio]),
    },
    SheetPublisher,
    IssueSheets,
    TakeSheet,
  ],
})
export class SheetsModule {}
