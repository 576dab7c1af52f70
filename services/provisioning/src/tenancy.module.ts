import { Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import type { ProvisioningConfig } from './config.js';
import { CredentialVault } from './credentials/credential-vault.js';
import { DeclareEndpoint } from './endpoints/declare-endpoint.js';
import { EndpointDigestResponder } from './endpoints/endpoint-digest.responder.js';
import { EndpointsController } from './endpoints/endpoints.controller.js';
import { EndpointPublisher } from './endpoints/endpoints.publisher.js';
import { EndpointRepository } from './endpoints/endpoints.repository.js';
import { PgEndpointRepository } from './endpoints/endpoints.repository.pg.js';
import { RemoveEndpoint } from './endpoints/remove-endpoint.js';
import { ResealEndpoints } from './endpoints/reseal-endpoints.js';
import { RotateCredential } from './endpoints/rotate-credential.js';
import { TellDigest } from './endpoints/tell-digest.js';
import { AssignNumber } from './numbers/assign-number.js';
import { NumbersController } from './numbers/numbers.controller.js';
import { NumberPublisher } from './numbers/numbers.publisher.js';
import { NumberRepository } from './numbers/numbers.repository.js';
import { PgNumberRepository } from './numbers/numbers.repository.pg.js';
import { ReleaseNumber } from './numbers/release-number.js';
import { DeclareRoute } from './routes/declare-route.js';
import { DeleteRoute } from './routes/delete-route.js';
import { RoutesController } from './routes/routes.controller.js';
import { RoutePublisher } from './routes/routes.publisher.js';
import { RouteRepository } from './routes/routes.repository.js';
import { PgRouteRepository } from './routes/routes.repository.pg.js';
import { ReadSnapshot } from './snapshot/read-snapshot.js';
import { SnapshotRepository } from './snapshot/snapshot.repository.js';
import { PgSnapshotRepository } from './snapshot/snapshot.repository.pg.js';
import { SnapshotResponder } from './snapshot/snapshot.responder.js';
import { CreateTenant } from './tenants/create-tenant.js';
import { DeleteTenant } from './tenants/delete-tenant.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TenantPublisher } from './tenants/tenants.publisher.js';
import { TenantRepository } from './tenants/tenants.repository.js';
import { PgTenantRepository } from './tenants/tenants.repository.pg.js';
import { UpdateTenant } from './tenants/update-tenant.js';

/** Tenants with their phones, routes and numbers. One module: the features lock and delete each other's things, so modules of their own would only import each other in a circle. */
@Module({
  controllers: [TenantsController, EndpointsController, RoutesController, NumbersController, SnapshotResponder, EndpointDigestResponder],
  providers: [
    { provide: TenantRepository, useClass: PgTenantRepository },
    { provide: EndpointRepository, useClass: PgEndpointRepository },
    { provide: RouteRepository, useClass: PgRouteRepository },
    { provide: NumberRepository, useClass: PgNumberRepository },
    { provide: SnapshotRepository, useClass: PgSnapshotRepository },
    { provide: CredentialVault, inject: [CONFIG], useFactory: (config: ProvisioningConfig) => new CredentialVault(parseKeyRing(config.CREDENTIALS_KEY)) },
    {
      provide: TellDigest,
      inject: [EndpointRepository, CredentialVault, CONFIG],
      useFactory: (endpoints: EndpointRepository, vault: CredentialVault, config: ProvisioningConfig) => new TellDigest(endpoints, vault, config.SIP_REALM),
    },
    TenantPublisher,
    EndpointPublisher,
    RoutePublisher,
    NumberPublisher,
    CreateTenant,
    UpdateTenant,
    DeleteTenant,
    DeclareEndpoint,
    RotateCredential,
    RemoveEndpoint,
    ResealEndpoints,
    DeclareRoute,
    DeleteRoute,
    AssignNumber,
    ReleaseNumber,
    ReadSnapshot,
  ],
  exports: [TenantRepository, EndpointRepository, CredentialVault, CreateTenant, UpdateTenant, DeleteTenant, DeclareEndpoint, DeclareRoute, AssignNumber],
})
export class TenancyModule {}
