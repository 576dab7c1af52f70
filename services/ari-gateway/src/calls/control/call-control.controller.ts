import { Controller, Delete, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Body, Caller, Params, Query, requireScope, requireTenant, type CallerFacts } from '@troncal/chassis';
import {
  bridgeSchema, conferenceSchema, dtmfSchema, listParkedSchema, parkSchema, pickupSchema, playSchema, saySchema, snoopSchema, stopSnoopSchema, transferSchema, warmTransferSchema,
  type CallView, type ParkedPage,
} from '@troncal/contracts';
import { z } from 'zod';
import { callView } from '../call-view.js';
import type { Call } from '../call.js';
import type { AboutCall } from './about-call.js';
import { CallVerbs } from './call-verbs.js';

const callPath = z.object({ id: z.uuid() });
type CallPath = z.output<typeof callPath>;
const snoopPath = z.object({ id: z.uuid(), snoopId: stopSnoopSchema.shape.snoopId });
const parkBody = parkSchema.default({ timeoutMs: 120_000 });

const WRITE = 'calls:write';
const SUPERVISE = 'calls:supervise';

/** Whose call, once the key was found to be good for the verb. */
function about({ id }: CallPath, caller: CallerFacts, scope = WRITE): AboutCall {
  requireScope(caller, scope);
  return { callId: id, tenant: caller.tenant, by: 'api' };
}

/** What people and programs do to a live call, over HTTP. */
@Controller('api/calls')
export class CallControlController {
  constructor(@Inject(CallVerbs) private readonly verbs: CallVerbs) {}

  @Get('parked')
  async parked(@Query(listParkedSchema) query: z.output<typeof listParkedSchema>, @Caller() caller: CallerFacts): Promise<ParkedPage> {
    requireScope(caller, 'calls:read');
    if (query.tenant !== undefined) requireTenant(caller, query.tenant);
    const tenant = query.tenant ?? (caller.tenant === '*' ? undefined : caller.tenant);
    return { parked: (await this.verbs.to.park.parked(tenant)).flatMap(parkedView) };
  }

  @Post(':id/hold')
  @HttpCode(200)
  async hold(@Params(callPath) path: CallPath, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.hold.hold(about(path, caller)));
  }

  @Post(':id/resume')
  @HttpCode(200)
  async resume(@Params(callPath) path: CallPath, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.hold.resume(about(path, caller)));
  }

  @Post(':id/play')
  @HttpCode(200)
  async play(@Params(callPath) path: CallPath, @Body(playSchema) body: z.output<typeof playSchema>, @Caller() caller: CallerFacts): Promise<{ playbackId: string; call: CallView }> {
    return shown(await this.verbs.to.play.play(about(path, caller), body));
  }

  @Delete(':id/play')
  @HttpCode(200)
  async stopPlay(@Params(callPath) path: CallPath, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.play.stop(about(path, caller)));
  }

  @Post(':id/say')
  @HttpCode(200)
  async say(@Params(callPath) path: CallPath, @Body(saySchema) body: z.output<typeof saySchema>, @Caller() caller: CallerFacts): Promise<{ playbackId: string; call: CallView }> {
    return shown(await this.verbs.to.play.say(about(path, caller), body));
  }

  @Post(':id/dtmf')
  @HttpCode(200)
  async dtmf(@Params(callPath) path: CallPath, @Body(dtmfSchema) body: z.output<typeof dtmfSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.digits.run(about(path, caller), body));
  }

  @Post(':id/bridge')
  @HttpCode(200)
  async bridge(@Params(callPath) path: CallPath, @Body(bridgeSchema) body: z.output<typeof bridgeSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.connect.bridge(about(path, caller), body.with));
  }

  @Post(':id/conference')
  @HttpCode(200)
  async conference(@Params(callPath) path: CallPath, @Body(conferenceSchema) body: z.output<typeof conferenceSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.connect.conference(about(path, caller), body.conference));
  }

  @Delete(':id/conference')
  @HttpCode(200)
  async leaveConference(@Params(callPath) path: CallPath, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.connect.leaveConference(about(path, caller)));
  }

  @Post(':id/park')
  @HttpCode(200)
  async park(@Params(callPath) path: CallPath, @Body(parkBody) body: z.output<typeof parkBody>, @Caller() caller: CallerFacts): Promise<{ slot: string; call: CallView }> {
    return shown(await this.verbs.to.park.park(about(path, caller), body));
  }

  @Post(':id/pickup')
  @HttpCode(200)
  async pickup(@Params(callPath) path: CallPath, @Body(pickupSchema) body: z.output<typeof pickupSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.park.pickup(about(path, caller), body));
  }

  @Post(':id/transfer')
  @HttpCode(200)
  async transfer(@Params(callPath) path: CallPath, @Body(transferSchema) body: z.output<typeof transferSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.transfer.run(about(path, caller), body));
  }

  @Post(':id/warm-transfer')
  @HttpCode(200)
  async warmTransfer(@Params(callPath) path: CallPath, @Body(warmTransferSchema) body: z.output<typeof warmTransferSchema>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.warm.start(about(path, caller), body));
  }

  @Post(':id/warm-transfer/complete')
  @HttpCode(200)
  async completeTransfer(@Params(callPath) path: CallPath, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.warm.complete(about(path, caller)));
  }

  @Post(':id/warm-transfer/cancel')
  @HttpCode(200)
  async cancelTransfer(@Params(callPath) path: CallPath, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.warm.cancel(about(path, caller)));
  }

  @Post(':id/snoop')
  @HttpCode(200)
  async snoop(@Params(callPath) path: CallPath, @Body(snoopSchema) body: z.output<typeof snoopSchema>, @Caller() caller: CallerFacts): Promise<{ snoopId: string; call: CallView }> {
    return shown(await this.verbs.to.snoop.start(about(path, caller, SUPERVISE), body));
  }

  @Delete(':id/snoop/:snoopId')
  @HttpCode(200)
  async stopSnoop(@Params(snoopPath) path: z.output<typeof snoopPath>, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.snoop.stop(about(path, caller, SUPERVISE), path.snoopId));
  }
}

/** What a use case gave, with the call as the API shows it. */
function shown<T extends object>(done: T & { readonly call: Call }): Omit<T, 'call'> & { call: CallView } {
  return { ...done, call: callView(done.call) };
}

function parkedView({ tenant, callId, from, parked }: Call): ParkedPage['parked'] {
  return parked ? [{ tenant, slot: parked.slot, callId, from, until: new Date(parked.until).toISOString(), returnTo: parked.returnTo }] : [];
}
