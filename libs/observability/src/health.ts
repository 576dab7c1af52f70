import { errorText, withDeadline } from '@troncal/kernel';

/**
 * ready: works. not_ready: does not, and the service should get no traffic. degraded: a part of its work can't be done here, nor by sending the
 * traffic elsewhere; counts as ready. left_out: the operator chose to run without it, which counts as ready.
 */
export type CheckState = 'ready' | 'not_ready' | 'degraded' | 'left_out';

export interface CheckResult {
  readonly state: CheckState;
  /** Why, in one sentence; always given unless ready. */
  readonly reason?: string;
  /** Plain facts for who looks deeper; no secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface NamedCheck extends CheckResult {
  readonly name: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly checks: readonly NamedCheck[];
}

export type Check = () => CheckResult | Promise<CheckResult>;

export const READY: CheckResult = { state: 'ready' };

/** Shorthand for a check that failed. */
export function notReady(reason: string, detail?: Readonly<Record<string, unknown>>): CheckResult {
  return { state: 'not_ready', reason, ...(detail && { detail }) };
}

/** Shorthand for a part that is away while the rest of the service works and must go on getting traffic. */
export function degraded(reason: string): CheckResult {
  return { state: 'degraded', reason };
}

/** Shorthand for a part the operator chose to run without. */
export function leftOut(reason: string): CheckResult {
  return { state: 'left_out', reason };
}

/** The named checks of one service. Each gets `deadlineMs`; one that throws or hangs is not ready, with the reason. */
export class Health {
  private readonly checks = new Map<string, Check>();
  private stopping = false;

  constructor(private readonly deadlineMs = 2000) {}

  /** Adds a readiness check. A second one of the same name is a mistake and throws. */
  add(name: string, check: Check): void {
    if (this.checks.has(name)) throw new Error(`There is a health check named ${name} already.`);
    this.checks.set(name, check);
  }

  /** From now on not ready, so that no new work is sent here while the work in flight ends. */
  stop(): void {
    this.stopping = true;
  }

  /** Runs every check now, all at once. */
  async readiness(): Promise<HealthReport> {
    const checks = await Promise.all([...this.checks].map(([name, check]) => this.run(name, check)));
    if (this.stopping) checks.unshift({ name: 'process', ...notReady('The service is shutting down.') });
    return { ready: checks.every((check) => check.state !== 'not_ready'), checks };
  }

  private async run(name: string, check: Check): Promise<NamedCheck> {
    try {
      const result = await withDeadline(Promise.resolve().then(check), this.deadlineMs, `The health check ${name}`);
      return { name, ...result };
    } catch (error) {
      return { name, ...notReady(errorText(error)) };
    }
  }
}
