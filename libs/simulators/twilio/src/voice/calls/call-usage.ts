import type { UsageWish } from '../../usage/usage.js';
import type { Call } from './call.js';

/** What a rated call is in the usage of its account. @param price in US dollars */
export function usageOf({ facts, line, durationS }: Call, price: number): UsageWish {
  const isInbound = facts.direction === 'inbound';
  const isSip = line.kind === 'sip' && /^sips?:/.test(isInbound ? facts.from : facts.to);
  const category = isSip ? (isInbound ? 'calls-sip-inbound' : 'calls-sip-outbound') : isInbound ? 'calls-inbound-local' : 'calls-outbound';
  return { account: facts.account.sid, category, usage: Math.ceil(durationS / 60), count: 1, price };
}
