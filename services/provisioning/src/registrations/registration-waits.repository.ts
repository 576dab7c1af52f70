import type { Tx } from '@troncal/persistence';
import type { KpiRange } from '../kpis/kpi.repository.js';
import type { RegistrationWait } from './registration-wait.js';

export interface SeenPhone {
  readonly tenant: string;
  readonly extension: string;
  readonly at: Date;
  readonly by: 'register' | 'sign';
}

/** Keeps how long phones took to be there. */
export abstract class RegistrationWaits {
  abstract begin(tx: Tx, tenant: string, waits: readonly Pick<RegistrationWait, 'environment' | 'extension' | 'since' | 'takenBy'>[]): Promise<void>;
  /** Ends what the phone was waited for since less than a day. A REGISTER at our edge ends waits of that rail, a sign those of Twilio's. */
  abstract end(tx: Tx, seen: SeenPhone): Promise<void>;
  /** Of one tenant; the oldest first. */
  abstract list(range: KpiRange & { readonly tenant: string }): Promise<RegistrationWait[]>;
}
