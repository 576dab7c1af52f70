import { Controller, Delete, Get, Put, Res } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { environmentNameSchema, putEnvironmentSchema, type environmentListSchema, type EnvironmentView, type PutEnvironment, type runStartedSchema } from '@troncal/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { requirePlatform } from '../tenants/own-tenant.js';
import { DeleteEnvironment } from './delete-environment.js';
import type { Environment } from './environment.js';
import { unknownEnvironment } from './environments.errors.js';
import { EnvironmentRepository } from './environments.repository.js';
import { DeclareEnvironment } from './declare-environment.js';

/** The path of everything in an environment. */
export const environmentPath = z.object({ environment: environmentNameSchema });
type Path = z.output<typeof environmentPath>;

type RunStarted = z.output<typeof runStartedSchema>;

const WHOSE = 'Environments and what is declared in them';

/** Environments over HTTP; all of them are the platform's. */
@Controller('api/environments')
export class EnvironmentsController {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly declareEnvironment: DeclareEnvironment,
    private readonly deleteEnvironment: DeleteEnvironment,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts): Promise<z.output<typeof environmentListSchema>> {
    requirePlatform(caller, WHOSE);
    const tenants = await this.environments.tenants();
    return { environments: (await this.environments.list()).map((environment) => viewOf(environment, tenants)) };
  }

  @Get(':environment')
  async show(@Caller() caller: CallerFacts, @Params(environmentPath) { environment: name }: Path): Promise<EnvironmentView> {
    requirePlatform(caller, WHOSE);
    const environment = await this.environments.find(name);
    if (environment === undefined) throw unknownEnvironment(name);
    return viewOf(environment, await this.environments.tenants());
  }

  @Put(':environment')
  async put(@Caller() caller: CallerFacts, @Params(environmentPath) { environment: name }: Path, @Body(putEnvironmentSchema) body: PutEnvironment, @Res({ passthrough: true }) reply: FastifyReply): Promise<EnvironmentView> {
    requirePlatform(caller, WHOSE);
    const { environment, created } = await this.declareEnvironment.run(name, body);
    void reply.status(created ? 201 : 200);
    return viewOf(environment, await this.environments.tenants());
  }

  @Delete(':environment')
  async delete(@Caller() caller: CallerFacts, @Params(environmentPath) { environment: name }: Path, @Res({ passthrough: true }) reply: FastifyReply): Promise<RunStarted | undefined> {
    requirePlatform(caller, WHOSE);
    const run = await this.deleteEnvironment.run(name);
    void reply.status(run === undefined ? 204 : 202);
    return run === undefined ? undefined : { run };
  }
}

function viewOf(environment: Environment, tenants: ReadonlyMap<string, number>): EnvironmentView {
  const { name, primary, domain, publicUrl, fallbackUrl, naming, placement, secure, enhancedSip, repair, dialingPermissions, allowedAddresses, usageTriggers, edge, revision } = environment;
  const given = { ...(fallbackUrl === undefined ? {} : { fallbackUrl }), ...(allowedAddresses === undefined ? {} : { allowedAddresses }), ...(usageTriggers === undefined ? {} : { usageTriggers }), ...(edge === undefined ? {} : { edge }) };
  return { name, primary, domain, publicUrl, naming, placement, secure, enhancedSip, repair, dialingPermissions, ...given, revision, tenants: tenants.get(name) ?? 0 };
}
