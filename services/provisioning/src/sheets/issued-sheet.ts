import { createHash, randomBytes } from 'node:crypto';
import type { SheetKindName } from '@troncal/contracts';

/** A sheet that was promised by a one-time link. Times as instants. */
export interface IssuedSheet {
  readonly id: string;
  readonly environment: string;
  readonly tenant: string;
  readonly kind: SheetKindName;
  /** One, but for `csv`. */
  readonly extensions: readonly string[];
  readonly mac: string | null;
  readonly language: 'es' | 'en';
  readonly issuedBy: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly taken: TakenBy | null;
}

/** Who used a link, as far as it was told: the address and the program are what the request says of itself. */
export interface TakenBy {
  readonly at: Date;
  readonly from: string;
  readonly userAgent: string;
}

export type SheetState = 'open' | 'taken' | 'expired' | 'revoked';

/** What a link is good for at this instant. Taken stays taken, whatever came later. */
export function stateOf({ taken, revokedAt, expiresAt }: Pick<IssuedSheet, 'taken' | 'revokedAt' | 'expiresAt'>, now: Date): SheetState {
  if (taken) return 'taken';
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
}

/** 256 random bits in base64url: 43 characters that no one guesses. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. It has its full entropy, so a plain hash can't be turned round; undefined for what can be no token of ours. */
export function hashOf(token: string): Buffer | undefined {
  return /^[A-Za-z0-9_-]{43}$/.test(token) ? createHash('sha256').update(token).digest() : undefined;
}

/** The kinds that a device fetches by itself. */
const FETCHED: ReadonlySet<SheetKindName> = new Set(['grandstream', 'grandstream-ht', 'yealink', 'linphone', 'zoiper', 'groundwire']);
export const isFetchedByDevice = (kind: SheetKindName): boolean => FETCHED.has(kind);

/** What devices of a kind call their file when they make its name of their own MAC address. */
const BY_MAC: Partial<Record<SheetKindName, RegExp>> = {
  grandstream: /^cfg[0-9a-f]{12}\.xml$/,
  'grandstream-ht': /^cfg[0-9a-f]{12}\.xml$/,
  yealink: /^[0-9a-f]{12}\.cfg$/,
};

/**
 * Whether a device that asks for this file asks for this sheet. Devices ask for other files too (a Yealink for `y000000000028.cfg`, a Grandstream for its
 * phone book), and none of those may use the link up. Without a known MAC address any device of the kind may come; with one, that device only.
 */
export function isFileOf(sheet: Pick<IssuedSheet, 'kind' | 'mac'>, ownName: string, asked: string): boolean {
  if (!isFetchedByDevice(sheet.kind)) return false;
  return asked === ownName || (sheet.mac === null && BY_MAC[sheet.kind]?.test(asked) === true);
}
