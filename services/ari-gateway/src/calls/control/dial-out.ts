import { decide, type DialDecision } from '@troncal/dial-guard';
import { newId, PermanentError } from '@troncal/kernel';
import type { DialDecisions } from '../../originate/dial-decisions.js';
import type { TenantDirectory } from '../../tenant-directory/tenant-directory.js';
import type { Call, DialTarget } from '../call.js';
import { dialFacts, endpointTarget, targetOf } from '../dial-facts.js';

/** How a party is reached that a live call rings, and what it is. */
export interface Reached {
  readonly kind: 'endpoint' | 'number';
  readonly target: DialTarget;
}

/** Whom a live call may ring: each leg passes the dial guard, whose decision is kept with its inputs. */
export class DialOut {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly decisions: DialDecisions,
  ) {}

  /** A phone or number. @throws PermanentError no_such_endpoint, endpoint_disabled, invalid_number (422); the guard's reason (403); no_trunk (422) */
  reach(call: Call, to: string): Reached {
    const decision = decide({ tenant: call.tenant, to }, dialFacts(this.directory, call.tenant, to));
    // The caller waits on the line: it must not wait for a database too.
    this.decisions.keepSoon({ decisionId: newId(), callId: call.callId, decision });
    if (!decision.allowed) throw refused(decision);
    const target = targetOf(decision.destination, (extension) => endpointTarget(this.directory, call.tenant, extension));
    if (!target) throw new PermanentError('no_trunk', `Tenant "${call.tenant}" has no trunk to reach ${to} by.`, { status: 422, remedy: 'Declare one with PUT /api/trunks/{name}.' });
    return { kind: target.kind === 'endpoint' ? 'endpoint' : 'number', target };
  }

  /** A phone of the tenant. @throws PermanentError no_such_endpoint (422); the guard's reason (403) */
  phone(call: Call, extension: string): DialTarget {
    const { kind, target } = this.reach(call, extension);
    if (kind === 'endpoint') return target;
    throw new PermanentError('no_such_endpoint', `${extension} is no phone of tenant "${call.tenant}".`, { status: 422, remedy: 'Name an extension that a phone of the tenant has.' });
  }
}

const NOT_FOUND: ReadonlySet<string> = new Set(['no_such_endpoint', 'endpoint_disabled', 'invalid_number']);

function refused(decision: DialDecision & { readonly allowed: false }): PermanentError {
  return new PermanentError(decision.reason, `It can't be rung: ${decision.detail}.`, { status: NOT_FOUND.has(decision.reason) ? 422 : 403, remedy: decision.remedy });
}
