import type { PlanView } from '@troncal/contracts';
import { printable } from '../output/printable.js';

const INDENT = '  ';

/** Whose it is; nothing for what several tenants share. */
const of = (tenant: string, then = ': '): string => (tenant === '_' ? '' : `${tenant}${then}`);

const dollars = (amount: number): string => `US$${amount.toFixed(2)}`;

/** `, +US$7.00 a month, US$14.00 a month now`; empty when nothing is known to cost anything. */
function inWords({ now, change, unknown }: PlanView['cost']): string {
  const known = [...(change === 0 ? [] : [`${change < 0 ? '-' : '+'}${dollars(Math.abs(change))} a month`]), ...(now === 0 ? [] : [`${dollars(now)} a month now`])];
  const parts = [...known, ...(unknown.length === 0 ? [] : [`the price of ${unknown.join(', ')} is not known`])];
  return parts.map((part) => `, ${part}`).join('');
}

/** What it means for a tenant to have an account of its own. */
const inSubaccount = ({ tenant, name, sid, domain }: PlanView['subaccounts'][number]): string =>
  `account: ${tenant} is alone in the Twilio subaccount ${name} (${sid ?? 'to be opened'}): its phones register at ${domain}, its numbers and bill are apart, it is suspended with the tenant, and it is closed by hand once the tenant is gone`;

/** A plan for people: the steps in words, the requests that they take, what it costs and what is waited for. */
export function describePlan({ environment, steps, waiting, reads, cost, warnings, subaccounts }: PlanView): string {
  const calls = steps.reduce((sum, step) => sum + step.calls, 0);
  const price = inWords(cost);
  return [
    steps.length === 0 ? `${environment} is as declared (${reads} reads)${price}` : `${environment}: ${steps.length} changes, ${calls} requests after ${reads} reads${price}`,
    ...steps.map(({ tenant, says }) => `${INDENT}+ ${of(tenant)}${says}`),
    ...subaccounts.map(inSubaccount).map((line) => `${INDENT}${line}`),
    ...waiting.map(({ tenant, what, why, who }) => `${INDENT}waiting: ${of(tenant, ' ')}${what}: ${why} ${who}`),
    ...warnings.map((warning) => `${INDENT}mind: ${warning}`),
  ]
    .map((line) => `${line.startsWith(INDENT) ? INDENT : ''}${printable(line)}\n`)
    .join('');
}
