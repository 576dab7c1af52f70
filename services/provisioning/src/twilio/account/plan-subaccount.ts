import { ACCOUNT_KEY, step, type Action, type Step } from './step.js';

/** A subaccount as it stands: not opened yet, or as Twilio tells of it. */
export interface SubaccountStanding {
  readonly name: string;
  readonly domain: string;
  readonly there: 'absent' | { readonly sid: string; readonly status: 'active' | 'suspended' };
  /** undefined: as it is. */
  readonly wanted: 'active' | 'suspended' | undefined;
}

/**
 * A plan of what is in a subaccount, with what has to become of the subaccount itself: it is opened, or put to work again, before anything else; one that has to be
 * suspended is only suspended, since nothing in it may be changed then. Pure.
 */
export function planSubaccount({ name, domain, there, wanted }: SubaccountStanding, within: readonly Step[]): Step[] {
  const after = (action: Action): Step[] => [step(ACCOUNT_KEY, action), ...within.map((each) => ({ ...each, after: [ACCOUNT_KEY, ...each.after] }))];
  if (there === 'absent') return wanted === 'active' ? after({ do: 'open-account', name, domain }) : [];
  const change: Action | undefined = wanted === undefined || wanted === there.status ? undefined : { do: 'set-status', sid: there.sid, name, status: wanted };
  if (wanted === 'suspended' || (wanted === undefined && there.status === 'suspended')) return change === undefined ? [] : [step(ACCOUNT_KEY, change)];
  return change === undefined ? [...within] : after(change);
}
