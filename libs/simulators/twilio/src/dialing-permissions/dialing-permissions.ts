import { COUNTRIES, countryOf, countryOfNumber } from '../countries/countries.js';

export interface CountryPermission {
  readonly low: boolean;
  /** Expensive ones: premium, shared cost. */
  readonly special: boolean;
  /** Those that have been used for fraud. */
  readonly tollfraud: boolean;
}

/** Of each country the beginnings of numbers that are dear by themselves. */
export const SPECIAL_PREFIXES: Readonly<Record<string, readonly string[]>> = { CL: ['+56600', '+56700'], ES: ['+34803', '+34806', '+34807'], GB: ['+449'], LV: ['+37181', '+37190'], US: ['+1900'], XS: ['+870', '+881', '+882', '+883'] };

/** Which countries an account may call. At first its own: the United States with Canada. */
export class DialingPermissions {
  /** A subaccount may have its parent's. */
  inherits: boolean;
  private readonly own = new Map<string, CountryPermission>(COUNTRIES.map(({ iso }) => [iso, { low: iso === 'US', special: false, tollfraud: false }]));

  constructor(private readonly parent: DialingPermissions | undefined) {
    this.inherits = parent !== undefined;
  }

  of(iso: string): CountryPermission {
    if (this.inherits && this.parent !== undefined) return this.parent.of(iso);
    return this.own.get(iso) ?? { low: false, special: false, tollfraud: false };
  }

  set(iso: string, permission: CountryPermission): void {
    this.own.set(iso, permission);
  }

  /** Whether a call to this number would be let through. */
  allows(e164: string): boolean {
    const country = countryOfNumber(e164);
    if (country === undefined) return false;
    const { low, special } = this.of(country.iso);
    return (SPECIAL_PREFIXES[country.iso] ?? []).some((prefix) => e164.startsWith(prefix)) ? special : low;
  }
}

export const isKnown = (iso: string): boolean => countryOf(iso) !== undefined;
