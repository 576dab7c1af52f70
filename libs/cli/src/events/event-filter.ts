import type { Domain, Envelope } from '@troncal/contracts';
import { usageError } from '../cli-error.js';

/** Which events are wanted; what is not given lets all through. */
export interface Wanted {
  readonly tenant?: string | undefined;
  readonly domains?: readonly Domain[] | undefined;
  /** A call's id or its beginning. */
  readonly call?: string | undefined;
}

const callOf = (envelope: Envelope): string => {
  const data = envelope.data;
  const callId = typeof data === 'object' && data !== null && 'callId' in data ? data.callId : undefined;
  return typeof callId === 'string' ? callId : envelope.correlationid;
};

/** Whether an event is one of those asked for. A call's events are those that name it, whatever their domain. */
export function wants(wanted: Wanted, envelope: Envelope): boolean {
  if (wanted.tenant !== undefined && envelope.tenantid !== wanted.tenant.toLowerCase()) return false;
  return wanted.call === undefined || callOf(envelope).startsWith(wanted.call.toLowerCase().replace(/…$/, ''));
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10m`, `2h`, `1d` or a time in ISO 8601, as a moment. */
export function since(given: string, now = Date.now()): Date {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  const moment = amount === undefined ? Date.parse(given) : now - Number(amount) * (UNIT_MS[unit ?? ''] ?? NaN);
  if (Number.isNaN(moment)) throw usageError(`--since is ${JSON.stringify(given)}; expected 30s, 10m, 2h, 1d or a time such as 2026-11-21T14:00:00Z`);
  return new Date(moment);
}
