import type { TwilioNumber } from './twilio-number.js';

type Key = Pick<TwilioNumber, 'environment' | 'tenant' | 'wish'>;

const keyOf = ({ environment, tenant, wish }: Key): string => JSON.stringify([environment, tenant, wish]);

/** Rows of numbers as they are changed one after the other, before all changes are written at once. Each change sees those before it, as it would in the table. */
export class NumberLedger {
  private readonly rows = new Map<string, TwilioNumber>();
  private readonly byE164 = new Map<string, TwilioNumber>();
  private readonly kept = new Map<string, TwilioNumber>();
  private readonly gone = new Map<string, TwilioNumber>();

  constructor(rows: readonly TwilioNumber[]) {
    for (const row of rows) this.set(row);
  }

  owner(e164: string): TwilioNumber | undefined {
    return this.byE164.get(e164);
  }

  put(row: TwilioNumber): void {
    const key = keyOf(row);
    this.unset(key);
    this.set(row);
    this.kept.delete(key);
    this.kept.set(key, row);
  }

  remove(row: TwilioNumber): void {
    const key = keyOf(row);
    this.unset(key);
    this.kept.delete(key);
    this.gone.set(key, row);
  }

  /** To be removed before the others are saved: what takes their place may bear the same number. */
  get removed(): readonly TwilioNumber[] {
    return [...this.gone.values()];
  }

  /** In the order in which they were changed. */
  get saved(): readonly TwilioNumber[] {
    return [...this.kept.values()];
  }

  private set(row: TwilioNumber): void {
    this.rows.set(keyOf(row), row);
    if (row.e164 !== null) this.byE164.set(row.e164, row);
  }

  private unset(key: string): void {
    const before = this.rows.get(key);
    this.rows.delete(key);
    if (before !== undefined && before.e164 !== null && this.byE164.get(before.e164) === before) this.byE164.delete(before.e164);
  }
}
