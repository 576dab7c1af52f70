import { Controller, Get, Res } from '@nestjs/common';
import { Caller, Params, Query, type CallerFacts } from '@troncal/chassis';
import { kpiQuerySchema, tenantCodeSchema, type KpiQuery, type Language, type PlatformKpis, type TenantKpis } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { requireOwn, requirePlatform } from '../tenants/own-tenant.js';
import { reportCsv, reportText } from './kpi-report.js';
import { ShowKpis } from './show-kpis.js';

const tenantPath = z.object({ tenant: tenantCodeSchema });

/** Figures over HTTP: as JSON, as text for people, or as CSV. */
@Controller('api')
export class KpisController {
  constructor(private readonly show: ShowKpis) {}

  @Get('tenants/:tenant/kpis')
  async ofTenant(
    @Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: z.output<typeof tenantPath>, @Query(kpiQuerySchema) query: KpiQuery, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantKpis | string> {
    requireOwn(caller, tenant);
    const { language, ...kpis } = await this.show.ofTenant(tenant, query);
    return inFormat(kpis, query.format, language, reply);
  }

  @Get('kpis')
  async ofAll(@Caller() caller: CallerFacts, @Query(kpiQuerySchema) query: KpiQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<PlatformKpis | string> {
    requirePlatform(caller, 'The figures of all tenants');
    return inFormat(await this.show.ofAll(query), query.format, query.language ?? 'en', reply);
  }
}

function inFormat<K extends TenantKpis | PlatformKpis>(kpis: K, format: KpiQuery['format'], language: Language, reply: FastifyReply): K | string {
  if (format === 'json') return kpis;
  void reply.type(`${format === 'csv' ? 'text/csv' : 'text/plain'}; charset=utf-8`);
  return format === 'csv' ? reportCsv(kpis) : reportText(kpis, language);
}
