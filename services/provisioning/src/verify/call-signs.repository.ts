import type { LegFailures } from './tenant-health.js';

/** What calls of one environment on Twilio's rail have shown. */
export abstract class CallSigns {
  /** When each tenant's last call was answered; who has none is left out. */
  abstract lastGoodCalls(environment: string, tenants: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  /** Legs that ended with a SIP status of 400 and above since then. */
  abstract failures(environment: string, tenants: readonly string[], since: Date): Promise<LegFailures[]>;
  /** Whose calls these are, by the SID of the call or of a leg of it; what isn't known is left out. */
  abstract owners(sids: readonly string[]): Promise<ReadonlyMap<string, { readonly environment: string; readonly tenant: string }>>;
}
