import { z } from 'zod';
import { isCategory, takesIn } from './categories.js';

/** What was used of one category on one day. Prices in US dollars. */
export const usageSchema = z.strictObject({
  /** SID; the main account unless told. */
  account: z.string().optional(),
  /** `2026-11-30`; today unless told. */
  date: z.iso.date().optional(),
  category: z.string().refine((name) => isCategory(name) && name !== 'totalprice', 'a category of what is used'),
  usage: z.number().min(0).default(0),
  count: z.int().min(0).default(0),
  price: z.number().min(0).default(0),
});
export type UsageWish = z.output<typeof usageSchema>;

export interface Amounts {
  readonly usage: number;
  readonly count: number;
  readonly price: number;
}
interface Entry extends Amounts {
  readonly date: string;
  readonly category: string;
}

/** What an account has used, by day (UTC). */
export class Usage {
  private readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** @param from first day that counts @param until last one */
  sum(category: string, from: string, until: string): Amounts {
    const counted = this.entries.filter((entry) => takesIn(category, entry.category) && entry.date >= from && entry.date <= until);
    return counted.reduce<Amounts>((sum, { usage, count, price }) => ({ usage: sum.usage + usage, count: sum.count + count, price: rounded(sum.price + price) }), { usage: 0, count: 0, price: 0 });
  }
}

export const rounded = (dollars: number): number => Math.round(dollars * 1e6) / 1e6;
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
