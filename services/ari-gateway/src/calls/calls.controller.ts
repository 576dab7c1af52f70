import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Body, Caller, Params, Query, requireScope, requireTenant, type CallerFacts } from '@troncal/chassis';
import {
  complaintSchema, hangupSchema, listCallsSchema, originateByNumberSchema, originateSchema, type CallView, type CallWithTimeline, type Complaint, type ComplaintView,
} from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { z } from 'zod';
import { PlaceCall } from '../originate/place-call.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { AddComplaint } from './add-complaint.js';
import { CallDesk } from './call-desk.js';
import { callView } from './call-view.js';

const callPath = z.object({ id: z.uuid() });
type CallPath = z.output<typeof callPath>;

/** Where the owner's originate leads: the platform's own agent. */
const DEFAULT_AGENT = 'default';

/** Calls over HTTP. A key of one tenant sees that tenant's calls only. */
@Controller('api/calls')
export class CallsController {
  constructor(
    @Inject(CallDesk) private readonly desk: CallDesk,
    @Inject(PlaceCall) private readonly placeCall: PlaceCall,
    @Inject(AddComplaint) private readonly addComplaint: AddComplaint,
    @Inject(TenantDirectory) private readonly directory: TenantDirectory,
  ) {}

  @Get()
  async list(@Query(listCallsSchema) query: z.output<typeof listCallsSchema>, @Caller() caller: CallerFacts): Promise<{ calls: CallView[]; next?: string }> {
    requireScope(caller, 'calls:read');
    if (query.tenant !== undefined) requireTenant(caller, query.tenant);
    const tenant = caller.tenant === '*' ? query.tenant : caller.tenant;
    const { calls, next } = await this.desk.list({ tenant, live: query.live, limit: query.limit, after: query.after });
    return { calls: calls.map(callView), ...(next === undefined ? {} : { next }) };
  }

  @Get(':id')
  async show(@Params(callPath) { id }: CallPath, @Caller() caller: CallerFacts): Promise<CallWithTimeline> {
    requireScope(caller, 'calls:read');
    const call = await this.desk.find(id, caller.tenant);
    const timeline = await this.desk.timeline(id);
    return { ...callView(call), timeline: timeline.map((entry) => ({ ...entry, time: entry.time.toISOString() })) };
  }

  @Post()
  async place(@Body(originateSchema) body: z.output<typeof originateSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    requireScope(caller, 'calls:write');
    requireTenant(caller, body.tenant);
    return callView(await this.placeCall.run(body));
  }

  @Post('originate')
  async placeByNumber(@Body(originateByNumberSchema) body: z.output<typeof originateByNumberSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    requireScope(caller, 'calls:write');
    const tenant = body.tenant ?? (caller.tenant === '*' ? this.directory.onlyTenant() : caller.tenant);
    if (tenant === undefined) {
      const message = 'needed, because this key is for all tenants and there is not just one';
      throw new PermanentError('validation_failed', `The body of the request is not valid: /tenant: ${message}`, { faults: [{ where: '/tenant', message }] });
    }
    requireTenant(caller, tenant);
    return callView(await this.placeCall.run({ tenant, to: body.phone_number, ...(body.caller_id === undefined ? {} : { from: body.caller_id }), agent: DEFAULT_AGENT, variables: {}, timeoutMs: 30_000 }));
  }

  @Post(':id/complaints')
  async complain(@Params(callPath) { id }: CallPath, @Body(complaintSchema) complaint: Complaint, @Caller() caller: CallerFacts): Promise<ComplaintView> {
    requireScope(caller, 'calls:write');
    return this.addComplaint.run(await this.desk.find(id, caller.tenant), complaint);
  }

  @Post(':id/hangup')
  @HttpCode(200)
  async hangup(@Params(callPath) { id }: CallPath, @Body(hangupSchema) _body: z.output<typeof hangupSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    requireScope(caller, 'calls:write');
    const actor = await this.desk.live(id, caller.tenant);
    return callView(await actor.ask({ kind: 'hangup', by: 'api', cause: 16 }));
  }
}
