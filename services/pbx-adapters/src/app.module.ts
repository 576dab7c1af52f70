import { Module } from '@nestjs/common';
import { OnTenant } from './tenants/on-tenant.consumer.js';
import { SeedOnStart } from './tenants/seed-on-start.js';
import { SeedTenants } from './tenants/seed-tenants.js';
import { TenantProjection } from './tenants/tenants.repository.js';
import { PgTenantProjection } from './tenants/tenants.repository.pg.js';

@Module({
  providers: [{ provide: TenantProjection, useClass: PgTenantProjection }, OnTenant, SeedTenants, SeedOnStart],
})
export class AppModule {}
