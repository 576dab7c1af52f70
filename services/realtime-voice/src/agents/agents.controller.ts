import { Controller, Get, Inject, Put } from '@nestjs/common';
import { Body, Caller, Params, Query, requireTenant, type CallerFacts } from '@troncal/chassis';
import { PLATFORM_TENANT, tenantCodeSchema, tenantSchema } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { z } from 'zod';
import { agentCodeSchema, agentSettingsSchema, type AgentSettings } from './agent-profile.js';
import { AGENTS, type AgentsRepository, type StoredAgent } from './agents.repository.js';
import { PutAgent } from './put-agent.js';

const codeSchema = z.strictObject({ code: agentCodeSchema });
const ofTenantSchema = z.strictObject({ tenant: tenantSchema.optional() });
const listSchema = z.strictObject({ tenant: tenantCodeSchema.optional() });

/** An agent as the API shows it. */
interface AgentView extends AgentSettings {
  readonly tenant: string;
  readonly code: string;
  readonly version: number;
  readonly createdAt: Date;
}

/** Agent profiles. `_` is the platform, whose agents every tenant may use; only a key for all tenants may write them. */
@Controller('api/agents')
export class AgentsController {
  constructor(
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    private readonly putting: PutAgent,
  ) {}

  @Get()
  async list(@Query(listSchema) query: z.output<typeof listSchema>, @Caller() caller: CallerFacts): Promise<{ agents: AgentView[] }> {
    if (query.tenant !== undefined) requireTenant(caller, query.tenant);
    const agents = await this.agents.list(query.tenant ?? (caller.tenant === '*' ? undefined : caller.tenant));
    return { agents: agents.map((agent) => view(agent)) };
  }

  @Get(':code')
  async one(@Params(codeSchema) { code }: { code: string }, @Query(ofTenantSchema) query: { tenant?: string }, @Caller() caller: CallerFacts): Promise<AgentView> {
    const tenant = tenantFor(query.tenant, caller);
    if (tenant !== PLATFORM_TENANT) requireTenant(caller, tenant);
    const agent = await this.agents.latest(tenant, code);
    if (agent === undefined) throw new PermanentError('unknown_agent', `The tenant ${tenant} has no agent ${code}.`, { status: 404, remedy: 'GET /api/agents lists them; PUT makes one.' });
    return view(agent);
  }

  @Put(':code')
  async put(
    @Params(codeSchema) { code }: { code: string },
    @Query(ofTenantSchema) query: { tenant?: string },
    @Body(agentSettingsSchema) settings: AgentSettings,
    @Caller() caller: CallerFacts,
  ): Promise<AgentView> {
    const tenant = tenantFor(query.tenant, caller);
    requireTenant(caller, tenant);
    return view(await this.putting.execute(tenant, code, settings));
  }
}

/** The tenant meant: the one named, else the key's own, else the platform. */
function tenantFor(named: string | undefined, caller: CallerFacts): string {
  return named ?? (caller.tenant === '*' ? PLATFORM_TENANT : caller.tenant);
}

function view({ profile, createdAt }: StoredAgent): AgentView {
  return { ...profile, createdAt };
}
