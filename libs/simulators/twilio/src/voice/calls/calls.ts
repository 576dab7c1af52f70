import type { Account } from '../../accounts/account.js';
import { countryOfNumber } from '../../countries/countries.js';
import type { PriceList } from '../../pricing/prices.js';
import type { VoiceSettings } from '../voice-settings.js';
import type { Call } from './call.js';

/** All calls there were, oldest first, and what Twilio took for them. */
export class Calls {
  /** Is told of every call that was answered when it has its price, in US dollars. */
  onRated: (call: Call, price: number) => void = () => undefined;
  private readonly bySid = new Map<string, Call>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly settings: () => VoiceSettings,
    private readonly prices: PriceList,
  ) {}

  add(call: Call): void {
    this.bySid.set(call.sid, call);
    call.over.addEventListener('abort', () => this.rate(call), { once: true });
  }

  get(sid: string): Call | undefined {
    return this.bySid.get(sid);
  }

  all(): Call[] {
    return [...this.bySid.values()];
  }

  of(account: Account): Call[] {
    return this.all().filter(({ facts }) => facts.account === account);
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const call of this.bySid.values()) call.hangUp();
  }

  /** The price comes late: some while after the end. */
  private rate(call: Call): void {
    const { afterMs, perMinute } = this.settings().rating;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const minute = perMinute ?? minutePrice(call, this.prices);
      const price = Math.ceil(call.durationS / 60) * minute;
      call.price = (-price).toFixed(5);
      if (call.durationS > 0) this.onRated(call, price);
    }, afterMs);
    this.timers.add(timer);
  }
}

/** A minute of a leg over SIP, whichever way: reference/twilio.md section 8. */
const SIP_MINUTE = 0.004;

function minutePrice({ facts, line }: Call, prices: PriceList): number {
  if (line.kind === 'sip' && /^sips?:/.test(facts.direction === 'inbound' ? facts.from : facts.to)) return SIP_MINUTE;
  const iso = countryOfNumber(facts.to)?.iso ?? 'US';
  const minute = facts.direction === 'inbound' ? prices.of(iso).inbound[0]?.minute : prices.minuteTo(facts.to, iso);
  return Number(minute ?? 0);
}
