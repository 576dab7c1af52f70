import type { Finding } from './evidence.js';

const SHOWN = 5;

/** A finding that holds when nothing offends against it. */
export function none(rule: string, offenders: readonly string[], of: string): Finding {
  const more = offenders.length > SHOWN ? [`and ${offenders.length - SHOWN} more`] : [];
  return { rule, bound: '0', measured: `${offenders.length} of ${of}`, ok: offenders.length === 0, offenders: [...offenders.slice(0, SHOWN), ...more] };
}

/** A finding about a figure that has an upper bound. */
export function atMost(rule: string, bound: number, measured: number | null, unit: string, offenders: readonly string[] = []): Finding {
  const ok = measured !== null && measured <= bound;
  return { rule, bound: `<= ${bound} ${unit}`, measured: measured === null ? 'never' : `${Math.round(measured)} ${unit}`, ok, offenders: offenders.slice(0, SHOWN) };
}
