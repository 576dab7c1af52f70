import { errorText } from '@troncal/kernel';
import { degraded, notReady, READY, type CheckResult, type CheckState } from '@troncal/observability';
import { z } from 'zod';

const report = z.object({ checks: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string().optional() })) });

/** Asks a service whether it is ready; its own reasons become the reason. Gives up after `deadlineMs`. */
export async function askUpstream(origin: string, deadlineMs: number): Promise<CheckResult> {
  try {
    const response = await fetch(new URL('/health/ready', origin), { signal: AbortSignal.timeout(deadlineMs), redirect: 'error' });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status === 200) {
      const lacking = reasonsIn(body, 'degraded');
      return lacking === undefined ? READY : degraded(lacking);
    }
    return notReady(reasonsIn(body, 'not_ready') ?? `It answered ${response.status}.`);
  } catch (error) {
    return notReady(`It does not answer at ${origin}: ${errorText(error)}.`);
  }
}

function reasonsIn(body: unknown, state: CheckState): string | undefined {
  const read = report.safeParse(body);
  if (!read.success) return undefined;
  const reasons = read.data.checks.filter((check) => check.state === state).map((check) => `${check.name}: ${check.reason ?? state}`);
  return reasons.length > 0 ? reasons.join('; ') : undefined;
}
