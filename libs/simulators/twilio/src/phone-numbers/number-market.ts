import { z } from 'zod';

/** What Twilio has to sell. */
export const stockSchema = z.strictObject({
  phoneNumber: z.string().regex(/^\+[1-9]\d{6,14}$/),
  country: z.string().length(2),
  type: z.enum(['Local', 'Mobile', 'TollFree', 'National']),
  locality: z.string().default(''),
  /** Whether buying it takes an address, and of where. */
  addressRequirements: z.enum(['none', 'any', 'local', 'foreign']).default('none'),
  /** Whether buying it takes an approved regulatory bundle. */
  bundleRequired: z.boolean().default(false),
});
export type StockedNumber = z.output<typeof stockSchema>;

export interface NumberSearch {
  readonly country: string;
  readonly type: string;
  readonly contains?: string | undefined;
  readonly areaCode?: string | undefined;
  readonly excludeAddressRequired: boolean;
}

const series = (first: string, count: number, rest: Omit<StockedNumber, 'phoneNumber'>): StockedNumber[] => Array.from({ length: count }, (_, index) => ({ ...rest, phoneNumber: `+${BigInt(first) + BigInt(index)}` }));

/**
 * The numbers that nobody has yet. Chile's need a bundle as numbers of countries like it do (21649); the rules of these countries are
 * settings of the stock and no claim.
 */
export class NumberMarket {
  private stock = new Map<string, StockedNumber>();

  constructor() {
    this.put(series('56229145200', 500, { country: 'CL', type: 'Local', locality: 'Santiago', addressRequirements: 'local', bundleRequired: true }));
    this.put(series('56988800000', 100, { country: 'CL', type: 'Mobile', locality: '', addressRequirements: 'any', bundleRequired: true }));
    this.put(series('15035550100', 100, { country: 'US', type: 'Local', locality: 'Portland', addressRequirements: 'none', bundleRequired: false }));
    this.put(series('525550550100', 100, { country: 'MX', type: 'Local', locality: 'Mexico City', addressRequirements: 'none', bundleRequired: true }));
    this.put(series('541150550100', 100, { country: 'AR', type: 'Local', locality: 'Buenos Aires', addressRequirements: 'local', bundleRequired: false }));
    this.put(series('442055501000', 100, { country: 'GB', type: 'Local', locality: 'London', addressRequirements: 'any', bundleRequired: false }));
    this.put(series('18445550100', 50, { country: 'US', type: 'TollFree', locality: '', addressRequirements: 'none', bundleRequired: false }));
  }

  put(numbers: readonly StockedNumber[]): void {
    for (const number of numbers) this.stock.set(number.phoneNumber, number);
  }

  find(e164: string): StockedNumber | undefined {
    return this.stock.get(e164);
  }

  /** It is somebody's now, and never for sale again: a number that was given back isn't either. */
  sell(e164: string): void {
    this.stock.delete(e164);
  }

  search({ country, type, contains, areaCode, excludeAddressRequired }: NumberSearch): StockedNumber[] {
    const pattern = contains === undefined ? undefined : patternOf(contains);
    return [...this.stock.values()].filter(
      (number) =>
        number.country === country &&
        number.type === type &&
        (pattern === undefined || pattern.test(number.phoneNumber)) &&
        (areaCode === undefined || number.phoneNumber.startsWith(`+1${areaCode}`)) &&
        !(excludeAddressRequired && number.addressRequirements !== 'none'),
    );
  }
}

/** Twilio's `Contains`: `*` is one digit, `%` any, a leading `+` the number's beginning and a closing `$` its end. */
function patternOf(contains: string): RegExp {
  const body = contains.replace(/^\+/, '').replace(/\$$/, '');
  const digits = body.replace(/[^\d*%]/g, '').replaceAll('*', '\\d').replaceAll('%', '\\d*');
  return new RegExp(`${contains.startsWith('+') ? '^\\+' : ''}${digits}${contains.endsWith('$') ? '$' : ''}`);
}
