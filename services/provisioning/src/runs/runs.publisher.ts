import { Injectable } from '@nestjs/common';
import { DriftRepairedV1, EndpointProvisionedV1, ProvisioningCompletedV1, ProvisioningPlannedV1, ProvisioningStepDoneV1, ProvisioningStepFailedV1 } from '@troncal/contracts';
import { TroncalError } from '@troncal/kernel';
import { Outbox, type Tx } from '@troncal/persistence';
import type { SipUser } from '../sip-users/sip-user.js';
import type { Run, RunEnd, RunStep } from './run.js';

/** What a run has done when it ends. */
export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

const MAX_TEXT = 2_000;
const PLATFORM = '_';

/** States what becomes of a run and its steps, in the transaction that writes it down. */
@Injectable()
export class RunPublisher {
  constructor(private readonly outbox: Outbox) {}

  async planned(tx: Tx, { run, environment, kind, tenants }: Run, steps: number, waiting: number): Promise<void> {
    await this.outbox.emit(tx, ProvisioningPlannedV1, { tenant: PLATFORM, subject: run, data: { run, environment, kind, tenants: [...tenants], steps, waiting } });
  }

  async done(tx: Tx, { run, environment }: Run, { key, tenant, says }: RunStep): Promise<void> {
    await this.outbox.emit(tx, ProvisioningStepDoneV1, { tenant, subject: run, correlationId: run, data: { run, environment, step: key, says } });
  }

  async failed(tx: Tx, { run, environment }: Run, { key, tenant, says }: RunStep, error: unknown): Promise<void> {
    const { code, detail, remedy } = factsOf(error);
    await this.outbox.emit(tx, ProvisioningStepFailedV1, { tenant, subject: run, correlationId: run, data: { run, environment, step: key, says, code, detail, ...(remedy === undefined ? {} : { remedy }) } });
  }

  async ended(tx: Tx, { run, environment, kind, startedAt }: Run, { state, waiting }: RunEnd, counts: RunCounts): Promise<void> {
    const tookMs = Math.max(0, Date.now() - startedAt.getTime());
    await this.outbox.emit(tx, ProvisioningCompletedV1, { tenant: PLATFORM, subject: run, correlationId: run, data: { run, environment, kind, outcome: state, ...counts, waiting: waiting.length, tookMs } });
  }

  async repaired(tx: Tx, environment: string, run: string, keys: readonly string[]): Promise<void> {
    await this.outbox.emit(tx, DriftRepairedV1, { tenant: PLATFORM, subject: environment, correlationId: run, data: { environment, run, keys: [...keys] } });
  }

  async provisioned(tx: Tx, { environment, tenant, extension, username, credentialRevision }: SipUser, domain: string): Promise<void> {
    await this.outbox.emit(tx, EndpointProvisionedV1, { tenant, subject: `${environment}/${extension}`, data: { environment, extension, username, domain, credentialRevision } });
  }
}

/** What may be told of a fault: our own errors hold no secret; whatever else was thrown is not shown. */
export function factsOf(error: unknown): { readonly code: string; readonly detail: string; readonly remedy?: string } {
  if (!(error instanceof TroncalError)) return { code: 'internal', detail: 'Something went wrong on our side; it is in the log.' };
  const remedy = error.remedy?.slice(0, MAX_TEXT);
  return { code: error.code, detail: error.message.slice(0, MAX_TEXT), ...(remedy === undefined ? {} : { remedy }) };
}
