import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { putGdmsAccountSchema, type GdmsAccountView, type GdmsSitesView, type PutGdmsAccount } from '@troncal/contracts';
import type { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { unknownEnvironment } from '../environments/environments.errors.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { DeviceClouds } from './device-clouds.js';
import { noGdmsAccount } from './devices.errors.js';
import type { GdmsAccount } from './gdms-account.js';
import { GdmsAccountVault } from './gdms-account-vault.js';
import { GdmsAccountRepository } from './gdms-accounts.repository.js';
import { gdmsPasswordDigest } from './gdms/gdms-signature.js';

type Path = z.output<typeof environmentPath>;

const WHOSE = 'Accounts at GDMS';

/** The account at Grandstream's GDMS of an environment. What is secret of it goes in and never comes out. */
@Controller('api/environments/:environment/gdms')
export class GdmsAccountsController {
  constructor(
    private readonly accounts: GdmsAccountRepository,
    private readonly vault: GdmsAccountVault,
    private readonly clouds: DeviceClouds,
  ) {}

  @Get()
  async show(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path): Promise<GdmsAccountView> {
    requirePlatform(caller, WHOSE);
    const account = await this.accounts.find(environment);
    if (account === undefined) throw noGdmsAccount(environment);
    return viewOf(account);
  }

  @Put()
  async put(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path, @Body(putGdmsAccountSchema) body: PutGdmsAccount): Promise<GdmsAccountView> {
    requirePlatform(caller, WHOSE);
    const { region, apiId, username, secretKey, password, organization = null, site = null } = body;
    const secrets = this.vault.seal(environment, { secretKey, passwordDigest: gdmsPasswordDigest(password) });
    const account = await this.accounts.put({ environment, region, apiId, username, organization, site, secrets });
    if (account === undefined) throw unknownEnvironment(environment);
    return viewOf(account);
  }

  @Delete()
  @HttpCode(204)
  async remove(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path): Promise<void> {
    requirePlatform(caller, WHOSE);
    if (!(await this.accounts.remove(environment))) throw noGdmsAccount(environment);
  }

  /** Asks GDMS: it answers only to an account that it lets in. */
  @Get('sites')
  async sites(@Caller() caller: CallerFacts, @Params(environmentPath) { environment }: Path): Promise<GdmsSitesView> {
    requirePlatform(caller, WHOSE);
    const there = await this.clouds.of(environment);
    if (there === undefined) throw noGdmsAccount(environment);
    return { sites: await there.cloud.sites(there.place) };
  }
}

const viewOf = ({ environment, region, apiId, username, organization, site, revision, changedAt }: GdmsAccount): GdmsAccountView => ({
  environment, region, apiId, username, organization, site, revision, changedAt: changedAt.toISOString(),
});
