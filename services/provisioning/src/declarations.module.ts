import { Module } from '@nestjs/common';
import { CLOCK, CONFIG, LOGGER } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { parseKeyRing } from '@troncal/persistence';
import type { ProvisioningConfig } from './config.js';
import { AdoptAccount } from './adoption/adopt-account.js';
import { AdoptTenant } from './adoption/adopt-tenant.js';
import { AdoptionController } from './adoption/adoption.controller.js';
import { CutOver } from './adoption/cut-over.js';
import { FindInSubaccounts } from './adoption/find-in-subaccounts.js';
import { ApplyTenants } from './declarations/apply-tenants.js';
import { DeclarationsController } from './declarations/declarations.controller.js';
import { DeclarationRepository } from './declarations/declarations.repository.js';
import { PgDeclarationRepository } from './declarations/declarations.repository.pg.js';
import { DeleteTenants } from './declarations/delete-tenants.js';
import { PlanTenants } from './declarations/plan-tenants.js';
import { PromoteTenant } from './declarations/promote-tenant.js';
import { PromotionsController } from './declarations/promotions.controller.js';
import { ShowPlan } from './declarations/show-plan.js';
import { StoreDeclarations } from './declarations/store-declarations.js';
import { CheckDrift } from './drift/check-drift.js';
import { DriftWatch } from './drift/drift-watch.js';
import { DriftController } from './drift/drift.controller.js';
import { DriftRepository } from './drift/drift.repository.js';
import { PgDriftRepository } from './drift/drift.repository.pg.js';
import { LookAndRepair } from './drift/look-and-repair.js';
import { RepairDrift } from './drift/repair-drift.js';
import { EdgeTrunksModule } from './edge-trunks/edge-trunks.module.js';
import { DeclareEnvironment } from './environments/declare-environment.js';
import { DeleteEnvironment } from './environments/delete-environment.js';
import { EnvironmentsController } from './environments/environments.controller.js';
import { EnvironmentRepository } from './environments/environments.repository.js';
import { PgEnvironmentRepository } from './environments/environments.repository.pg.js';
import { ForgetEnvironment } from './environments/forget-environment.js';
import { KpisModule } from './kpis/kpis.module.js';
import { Preflight } from './preflight/preflight.js';
import { DeclareOnAsterisk } from './reconcile/declare-on-asterisk.js';
import { EndEnvironment } from './reconcile/end-environment.js';
import { EndRun } from './reconcile/end-run.js';
import { EndTenants } from './reconcile/end-tenants.js';
import { LookAtAccount } from './reconcile/look-at-account.js';
import { NoteObserved } from './reconcile/note-observed.js';
import { PerformPlan } from './reconcile/perform-plan.js';
import { PlanEnvironment } from './reconcile/plan-environment.js';
import { ReconcileTenants } from './reconcile/reconcile-tenants.js';
import { ReleaseHeldNumber } from './reconcile/release-held-number.js';
import { SettleTenants } from './reconcile/settle-tenants.js';
import { TellOutcome } from './reconcile/tell-outcome.js';
import { ReadTenantFacts } from './reconcile/tenant-facts.js';
import { KnownRents } from './rents/known-rents.js';
import { TwilioRentSource } from './rents/rent-source.twilio.js';
import { RunKeeper } from './runs/run-keeper.js';
import { RunWorks } from './runs/run-works.js';
import { RunsController } from './runs/runs.controller.js';
import { RunPublisher } from './runs/runs.publisher.js';
import { RunRepository } from './runs/runs.repository.js';
import { PgRunRepository } from './runs/runs.repository.pg.js';
import { StartRun } from './runs/start-run.js';
import { TellRun } from './runs/tell-run.js';
import { PerformRotation } from './sip-users/perform-rotation.js';
import { RevealPassword } from './sip-users/reveal-password.js';
import { ResealSipUsers } from './sip-users/reseal-sip-users.js';
import { RotateSipUser } from './sip-users/rotate-sip-user.js';
import { SipUserVault } from './sip-users/sip-user-vault.js';
import { SipUsersController } from './sip-users/sip-users.controller.js';
import { SipUserRepository } from './sip-users/sip-users.repository.js';
import { PgSipUserRepository } from './sip-users/sip-users.repository.pg.js';
import { SpendModule } from './spend/spend.module.js';
import { CloseSubaccount } from './subaccounts/close-subaccount.js';
import { FollowSuspensions } from './subaccounts/follow-suspensions.js';
import { OpenSubaccount } from './subaccounts/open-subaccount.js';
import { PerformClosing } from './subaccounts/perform-closing.js';
import { PlaceTenants } from './subaccounts/place-tenants.js';
import { SubaccountsController } from './subaccounts/subaccounts.controller.js';
import { TendSubaccount } from './subaccounts/tend-subaccount.js';
import { TenancyModule } from './tenancy.module.js';
import { TwilioAccounts } from './twilio/accounts.js';
import { MoveNumber } from './twilio-numbers/move-number.js';
import { ReleaseHeld } from './twilio-numbers/release-number.js';
import { TwilioNumbersController } from './twilio-numbers/twilio-numbers.controller.js';
import { TwilioNumberRepository } from './twilio-numbers/twilio-numbers.repository.js';
import { PgTwilioNumberRepository } from './twilio-numbers/twilio-numbers.repository.pg.js';
import { FiringsModule } from './usage-alerts/usage-alerts.module.js';

/** Tenants as they are declared in environments, and what is done about it at Twilio. */
@Module({
  imports: [TenancyModule, EdgeTrunksModule, SpendModule, KpisModule, FiringsModule],
  controllers: [
    EnvironmentsController, DeclarationsController, PromotionsController, SipUsersController, TwilioNumbersController, RunsController, DriftController, AdoptionController, SubaccountsController,
  ],
  providers: [
    { provide: EnvironmentRepository, useClass: PgEnvironmentRepository },
    { provide: DeclarationRepository, useClass: PgDeclarationRepository },
    { provide: SipUserRepository, useClass: PgSipUserRepository },
    { provide: TwilioNumberRepository, useClass: PgTwilioNumberRepository },
    { provide: RunRepository, useClass: PgRunRepository },
    { provide: DriftRepository, useClass: PgDriftRepository },
    { provide: SipUserVault, inject: [CONFIG], useFactory: (config: ProvisioningConfig) => new SipUserVault(parseKeyRing(config.CREDENTIALS_KEY)) },
    {
      provide: KnownRents,
      inject: [TwilioAccounts, CLOCK, LOGGER],
      useFactory: ({ client }: TwilioAccounts, clock: Clock, logger: Logger) => new KnownRents(client && new TwilioRentSource(client), clock, logger),
    },
    DeclareEnvironment,
    DeleteEnvironment,
    PlaceTenants,
    OpenSubaccount,
    TendSubaccount,
    CloseSubaccount,
    PerformClosing,
    FollowSuspensions,
    LookAtAccount,
    TellRun,
    ForgetEnvironment,
    StoreDeclarations,
    PlanTenants,
    ApplyTenants,
    DeleteTenants,
    PromoteTenant,
    ShowPlan,
    Preflight,
    ReadTenantFacts,
    SettleTenants,
    PlanEnvironment,
    PerformPlan,
    TellOutcome,
    NoteObserved,
    DeclareOnAsterisk,
    EndTenants,
    EndEnvironment,
    EndRun,
    ReconcileTenants,
    ReleaseHeldNumber,
    ReleaseHeld,
    MoveNumber,
    RevealPassword,
    ResealSipUsers,
    RotateSipUser,
    PerformRotation,
    RunPublisher,
    RunWorks,
    RunKeeper,
    StartRun,
    CheckDrift,
    RepairDrift,
    LookAndRepair,
    DriftWatch,
    FindInSubaccounts,
    AdoptTenant,
    AdoptAccount,
    CutOver,
  ],
  exports: [TenancyModule, EdgeTrunksModule, EnvironmentRepository, DeclarationRepository, ReadTenantFacts, PlanEnvironment, LookAtAccount, SipUserVault, StartRun, TwilioNumberRepository],
})
export class DeclarationsModule {}
