import { routeTo } from '@troncal/callflow';
import type { originateSchema, Route } from '@troncal/contracts';
import { decide } from '@troncal/dial-guard';
import { newCallId, newId, PermanentError, type Clock } from '@troncal/kernel';
import type { z } from 'zod';
import type { Call } from '../calls/call.js';
import type { CallRefusals } from '../calls/call-refusals.js';
import type { CallRegistry } from '../calls/call-registry.js';
import { dialFacts, endpointTarget, targetOf } from '../calls/dial-facts.js';
import { newCall } from '../calls/new-call.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { ChooseEdge } from './choose-edge.js';
import type { DialDecisions } from './dial-decisions.js';

export type PlaceCallRequest = z.output<typeof originateSchema>;

export interface PlacePorts {
  readonly decisions: DialDecisions;
  readonly refusals: CallRefusals;
  readonly clock: Clock;
}

/** Places a call: through the dial guard, whose decision is kept first; then the party called is rung, and the route or agent runs from its answer on. */
export class PlaceCall {
  constructor(
    private readonly registry: CallRegistry,
    private readonly directory: TenantDirectory,
    private readonly chooseEdge: ChooseEdge,
    private readonly ports: PlacePorts,
  ) {}

  /** @throws PermanentError unknown_tenant, unknown_route (404), the guard's reason (403), no_trunk (422); edge_unreachable, edge_left_out (503); HeldElsewhere */
  async run(request: PlaceCallRequest): Promise<Call> {
    const { tenant: code, to } = request;
    const tenant = this.directory.tenant(code);
    if (!tenant) throw new PermanentError('unknown_tenant', `There is no tenant "${code}".`, { status: 404, remedy: 'Create it with POST /api/tenants.' });
    const { route, routeRef } = this.routeFor(request);
    const decision = decide({ tenant: code, to, ...(request.from === undefined ? {} : { from: request.from }) }, dialFacts(this.directory, code, to));
    const target = decision.allowed ? targetOf(decision.destination, (extension) => endpointTarget(this.directory, code, extension)) : undefined;
    // Before anything is written: another replica may be asked to place it instead.
    const { edgeId } = await this.chooseEdge.run(target);
    const callId = newCallId();
    await this.ports.decisions.keep({ decisionId: newId(), callId, decision });
    if (!decision.allowed) {
      const invalid = decision.reason === 'invalid_number';
      this.ports.refusals.tellSoon(code, { callId, from: request.from ?? '', to, direction: 'outbound', reason: invalid ? 'invalid_number' : decision.reason === 'no_such_endpoint' ? 'no_such_endpoint' : decision.reason === 'tenant_suspended' ? 'tenant_suspended' : 'not_allowed', cause: 21, detail: `${decision.detail}: ${decision.remedy}`.slice(0, 500) });
      throw new PermanentError(decision.reason, `The call is refused: ${decision.detail}.`, { status: 403, remedy: decision.remedy, details: { callId } });
    }
    if (!target) throw new PermanentError('no_trunk', `Tenant "${code}" has no trunk to reach ${to} by.`, { status: 422, remedy: 'Declare one with PUT /api/trunks/{name}.' });
    const from = target.kind === 'trunk' ? (target.callerId ?? request.from ?? '') : (request.from ?? route.extension ?? '');
    const call: Call = {
      ...newCall({
        tenant: code, direction: target.kind === 'trunk' ? 'outbound' : 'internal', from, to, edgeId, language: route.language, route, routeRef, dials: { [to]: target },
        variables: request.variables, primary: target.kind, answered: false, now: this.ports.clock.now(),
      }),
      callId,
    };
    return this.registry.open(call).ask({ kind: 'begin', ringMs: request.timeoutMs });
  }

  private routeFor({ tenant, route: code, agent }: PlaceCallRequest): { readonly route: Route; readonly routeRef: Call['routeRef'] } {
    if (agent !== undefined) return { route: routeTo({ kind: 'agent', agent }, this.directory.tenant(tenant)?.language ?? 'es'), routeRef: null };
    const known = code === undefined ? undefined : this.directory.route(tenant, code);
    if (!known) throw new PermanentError('unknown_route', `Tenant "${tenant}" has no route "${code}".`, { status: 404, remedy: 'Declare it with PUT /api/tenants/{code}/routes/{route}.' });
    return { route: known.route, routeRef: { code: known.code, revision: known.revision } };
  }
}
