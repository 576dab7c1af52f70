import type { Evidence, Finding, PhoneCall } from './evidence.js';
import { atMost } from './finding.js';

/** The longest hole in what phones heard of each other, without the time in which the listening process itself stood still. */
export function noAudioGap({ phones, bounds }: Evidence): Finding[] {
  if (bounds.gapMs === undefined) return [];
  const judged = phones.filter((call) => call.audio !== null);
  const gaps = judged.flatMap((call) => (call.audio?.gaps ?? []).map((gap) => ({ call: call.name, ...gap, foreignMs: gap.ms - gap.ownMs })));
  const worst = Math.max(0, ...gaps.map((gap) => gap.foreignMs));
  const over = gaps.filter((gap) => gap.foreignMs > (bounds.gapMs ?? 0)).map((gap) => `${gap.call}: ${Math.round(gap.ms)} ms at ${new Date(gap.atMs).toISOString()}, ${Math.round(gap.ownMs)} ms of them the listening process’ own`);
  const measured = judged.length === 0 ? null : worst === 0 ? bounds.gapMs : worst;
  const finding = atMost(`longest hole between phones (${judged.length} ears)`, bounds.gapMs, measured, 'ms', over);
  return [worst === 0 && judged.length > 0 ? { ...finding, measured: `none over ${bounds.gapMs} ms` } : finding];
}

/** Whoever called while the fault lasted was answered and heard something soon: a person, a prompt, music. */
export function arrivalsServed({ phones, bounds }: Evidence): Finding[] {
  if (bounds.arrivalHearsMs === undefined) return [];
  const arrivals = phones.filter((call) => call.kind === 'arrival');
  const waits = arrivals.map((call) => ({ call, ms: heardAfter(call) }));
  const deaf = waits.filter(({ ms }) => ms === null);
  const slow = waits.filter(({ ms }) => ms !== null && ms > (bounds.arrivalHearsMs ?? 0));
  const worst = arrivals.length === 0 || deaf.length > 0 ? null : Math.max(...waits.map(({ ms }) => ms ?? 0));
  const offenders = [...deaf, ...slow].map(({ call, ms }) => `${call.name} dialled ${call.dialled}: ${ms === null ? `heard nothing (${call.ended?.reason ?? 'no end'})` : `heard something after ${Math.round(ms)} ms`}`);
  return [atMost(`new callers served, from INVITE to the first sound (${arrivals.length} callers)`, bounds.arrivalHearsMs, worst, 'ms', offenders)];
}

const heardAfter = (call: PhoneCall): number | null => (call.heardAtMs === null ? null : call.heardAtMs - call.invitedAtMs);
