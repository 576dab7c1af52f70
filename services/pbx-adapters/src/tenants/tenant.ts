/** What this service knows of a tenant. */
export interface KnownTenant {
  readonly tenant: string;
  readonly name: string;
  readonly country: string;
  readonly language: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Grows with every change and never falls, not even when a code is used again; the highest one is the truth. */
  readonly revision: number;
}
