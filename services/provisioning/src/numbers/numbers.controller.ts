import { Controller, Delete, Get, HttpCode, Put, Res } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { e164Schema, putNumberSchema, tenantCodeSchema, type numberListSchema, type NumberView } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { isPlatform, requireOwn } from '../tenants/own-tenant.js';
import { unknownTenant } from '../tenants/tenants.errors.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { AssignNumber } from './assign-number.js';
import type { AssignedNumber } from './number.js';
import { unknownNumber } from './numbers.errors.js';
import { NumberRepository } from './numbers.repository.js';
import { ReleaseNumber } from './release-number.js';

const tenantPath = z.object({ tenant: tenantCodeSchema });
const numberPath = tenantPath.extend({ number: e164Schema });
type Path = z.output<typeof numberPath>;

/** Numbers of a tenant over HTTP. */
@Controller('api/tenants/:tenant/numbers')
export class NumbersController {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly numbers: NumberRepository,
    private readonly assignNumber: AssignNumber,
    private readonly releaseNumber: ReleaseNumber,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: z.output<typeof tenantPath>): Promise<z.output<typeof numberListSchema>> {
    requireOwn(caller, tenant);
    if (!(await this.tenants.find(tenant))) throw unknownTenant(tenant);
    return { numbers: (await this.numbers.list(tenant)).map(viewOf) };
  }

  @Get(':number')
  async show(@Caller() caller: CallerFacts, @Params(numberPath) path: Path): Promise<NumberView> {
    requireOwn(caller, path.tenant);
    const found = await this.numbers.find(path.tenant, path.number);
    if (found) return viewOf(found);
    throw (await this.tenants.find(path.tenant)) ? unknownNumber(path.tenant, path.number) : unknownTenant(path.tenant);
  }

  @Put(':number')
  async assign(
    @Caller() caller: CallerFacts,
    @Params(numberPath) path: Path,
    @Body(putNumberSchema) body: z.output<typeof putNumberSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NumberView> {
    requireOwn(caller, path.tenant);
    const { number, created } = await this.assignNumber.run({ ...path, route: body.route, mayKnowOwner: isPlatform(caller) });
    void reply.status(created ? 201 : 200);
    return viewOf(number);
  }

  @Delete(':number')
  @HttpCode(204)
  async release(@Caller() caller: CallerFacts, @Params(numberPath) path: Path): Promise<void> {
    requireOwn(caller, path.tenant);
    await this.releaseNumber.one(path.tenant, path.number);
  }
}

function viewOf({ number, route, revision }: AssignedNumber): NumberView {
  return { number, route, revision };
}
