import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { AnswersSecret, Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { rotateSchema, sipUserPath, tenantCodeSchema, type sipUserListSchema, type SipUserView } from '@troncal/contracts';
import { z } from 'zod';
import { notDeclared } from '../declarations/declarations.errors.js';
import { userView } from '../declarations/declared-view.js';
import { ShowPlan } from '../declarations/show-plan.js';
import { environmentPath } from '../environments/environments.controller.js';
import { ReadTenantFacts, type TenantFacts } from '../reconcile/tenant-facts.js';
import { StartRun } from '../runs/start-run.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { RevealPassword } from './reveal-password.js';
import { RotateSipUser } from './rotate-sip-user.js';

const tenantPath = environmentPath.extend({ tenant: tenantCodeSchema });
type Path = z.output<typeof sipUserPath>;
const noBody = z.strictObject({}).optional();

const WHOSE = 'SIP users at Twilio';

/** The phones of a tenant at Twilio, and their passwords: shown when asked for, and told who saw them. */
@Controller('api/environments/:environment/tenants/:tenant/users')
export class SipUsersController {
  constructor(
    private readonly facts: ReadTenantFacts,
    private readonly reveal: RevealPassword,
    private readonly rotateUser: RotateSipUser,
    private readonly start: StartRun,
    private readonly showPlan: ShowPlan,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: z.output<typeof tenantPath>): Promise<z.output<typeof sipUserListSchema>> {
    requirePlatform(caller, WHOSE);
    const facts = await this.of(environment, tenant);
    const domain = await this.showPlan.domainOf(environment);
    return { users: facts.users.map((user) => userView(user, facts, domain)) };
  }

  @Post(':extension/reveal')
  @HttpCode(200)
  @AnswersSecret()
  async show(@Caller() caller: CallerFacts, @Params(sipUserPath) path: Path, @Body(noBody) _body: unknown): Promise<SipUserView> {
    requirePlatform(caller, WHOSE);
    const { user, password } = await this.reveal.run(path, caller.keyId);
    return userView(user, await this.of(path.environment, path.tenant), await this.showPlan.domainOf(path.environment), password);
  }

  @Post(':extension/rotate')
  @HttpCode(200)
  @AnswersSecret()
  async rotate(@Caller() caller: CallerFacts, @Params(sipUserPath) path: Path, @Body(rotateSchema) { step }: z.output<typeof rotateSchema>): Promise<SipUserView & { run?: string }> {
    requirePlatform(caller, WHOSE);
    const { user, password, run } = await this.rotateUser.run(path, step);
    if (run !== undefined) await this.start.begin(run);
    const view = userView(user, await this.of(path.environment, path.tenant), await this.showPlan.domainOf(path.environment), password);
    return run === undefined ? view : { ...view, run };
  }

  private async of(environment: string, tenant: string): Promise<TenantFacts> {
    const { tenants: [found] } = await this.facts.run(environment, [tenant]);
    if (found === undefined) throw notDeclared(environment, tenant);
    return found;
  }
}
