/** The phones and programs that a sheet is written for, and two that people read. */
export const SHEET_KINDS = ['grandstream', 'grandstream-ht', 'yealink', 'microsip', 'linphone', 'zoiper', 'groundwire', 'text', 'html'] as const;
export type SheetKind = (typeof SHEET_KINDS)[number];

/** The settings of one account as a file. It holds the password: whoever reads it can telephone. */
export interface DeviceSheet {
  readonly kind: SheetKind;
  /** Letters, digits, `.`, `-` and `_` only. */
  readonly fileName: string;
  readonly mediaType: string;
  readonly body: string;
}

/** What a deployment knows beyond the account. */
export interface SheetOptions {
  /** The device's MAC address, 12 hex digits: a Grandstream or a Yealink asks for a file named by it. */
  readonly mac?: string;
  /**
   * More settings of this kind of device in its own words (a P-value, a `cfg` key, a key of MicroSIP's account, `section/entry` of
   * Linphone, an element of Zoiper's or Acrobits' account), for what we could not establish or a model needs. They stand after ours,
   * and in place of one of the same name.
   */
  readonly extra?: Readonly<Record<string, string>>;
}

/** Ours, with a deployment's own in place of what has the same name. */
export function withExtra(ours: Readonly<Record<string, string>>, options: SheetOptions): [string, string][] {
  return Object.entries({ ...ours, ...options.extra });
}
