import type { CapsView, SpendView } from '@troncal/contracts';
import { usageError } from '../cli-error.js';

/** For people: `12.34 USD`; finer than a cent where it is. */
export function moneyText(micros: number, currency: string): string {
  const whole = Math.trunc(micros / 1_000_000);
  const rest = String(Math.abs(micros % 1_000_000)).padStart(6, '0').replace(/0{1,4}$/, '');
  return `${whole}.${rest} ${currency}`;
}

/** What an option says of a cap of money, in millionths: an amount such as 12.50, or `none`. @throws CliError usage */
export function moneyOption(name: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const [, whole, rest = ''] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) throw usageError(`--${name} ${JSON.stringify(text)} is no amount`, 'Give it as 12.50, or “none” for no cap.');
  return Number(whole) * 1_000_000 + Number(rest.padEnd(6, '0'));
}

/** What an option says of a cap that is counted: a whole number, or `none`. @throws CliError usage */
export function countOption(name: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  if (!/^\d{1,7}$/.test(text)) throw usageError(`--${name} ${JSON.stringify(text)} is no whole number`, 'Give a whole number, or “none” for no cap.');
  return Number(text);
}

/** Caps as lines for `facts`. */
export function capsFacts(caps: CapsView): (readonly [string, string | number])[] {
  const money = (micros: number | null): string => (micros === null ? 'no cap' : moneyText(micros, caps.currency));
  const count = (value: number | null): string | number => value ?? 'no cap';
  return [
    ['tenant', caps.tenant],
    ['environment', caps.environment],
    ['set by', caps.declared ? `hand (revision ${caps.revision})` : 'the platform’s defaults'],
    ['a day', money(caps.dayMicros)],
    ['a month', money(caps.monthMicros)],
    ['minutes a day', count(caps.minutesPerDay)],
    ['calls a minute', count(caps.callsPerMinute)],
    ['calls at once', count(caps.concurrentCalls)],
  ];
}

/** One line of what was spent. */
export interface SpendLine {
  readonly what: string;
  readonly used: string;
  readonly kept: string;
  readonly cap: string;
  readonly left: string;
}

/** What was spent, as rows of a table. */
export function spendLines(view: SpendView): SpendLine[] {
  const line = (what: string, { limit, used, reserved, left }: SpendView['dayMicros'], text: (value: number) => string): SpendLine => ({
    what, used: text(used), kept: text(reserved), cap: limit === null ? 'none' : text(limit), left: left === null ? 'any' : text(left),
  });
  const money = (micros: number): string => moneyText(micros, view.currency);
  return [
    line(`spent on ${view.day}`, view.dayMicros, money),
    line('spent this month', view.monthMicros, money),
    line(`minutes on ${view.day}`, view.dayMinutes, String),
    line('calls in the last minute', view.callsPerMinute, String),
    line('calls now', view.concurrentCalls, String),
  ];
}
