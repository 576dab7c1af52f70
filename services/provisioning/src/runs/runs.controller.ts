import { Controller, Get } from '@nestjs/common';
import { Caller, Params, Query, type CallerFacts } from '@troncal/chassis';
import { environmentNameSchema, type RunView, type runListSchema } from '@troncal/contracts';
import { z } from 'zod';
import { requirePlatform } from '../tenants/own-tenant.js';
import type { Run } from './run.js';
import { unknownRun } from './runs.errors.js';
import { RunRepository } from './runs.repository.js';

const runPath = z.object({ run: z.string().max(40) });
const listQuery = z.strictObject({ environment: environmentNameSchema, limit: z.coerce.number().int().min(1).max(100).default(20) });

const WHOSE = 'Runs on Twilio';

/** What was done to accounts, and how it went. */
@Controller('api/runs')
export class RunsController {
  constructor(private readonly runs: RunRepository) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Query(listQuery) { environment, limit }: z.output<typeof listQuery>): Promise<z.output<typeof runListSchema>> {
    requirePlatform(caller, WHOSE);
    return { runs: (await this.runs.latest(environment, limit)).map(viewOf) };
  }

  @Get(':run')
  async show(@Caller() caller: CallerFacts, @Params(runPath) { run: id }: z.output<typeof runPath>): Promise<RunView> {
    requirePlatform(caller, WHOSE);
    const run = await this.runs.find(id);
    if (run === undefined) throw unknownRun(id);
    const steps = await this.runs.steps(id);
    return { ...viewOf(run), steps: steps.map((step) => ({ ...step, at: step.at?.toISOString() ?? null })) };
  }
}

function viewOf({ run, environment, kind, tenants, state, fault, waiting, startedAt, endedAt }: Run): Omit<RunView, 'steps'> {
  return { run, environment, kind, tenants: [...tenants], state, fault, waiting: [...waiting], startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}
