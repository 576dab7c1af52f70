import { createHash } from 'node:crypto';
import type { PutEnvironment } from '@troncal/contracts';
import type { FoundSettings } from '../twilio/account/desired-account.js';

/** Where tenants are declared, with its SIP domain, its naming and where Twilio reaches it. */
export interface Environment extends PutEnvironment {
  readonly name: string;
  /** Its tenants are also those of the Asterisk rail. */
  readonly primary: boolean;
  /** Its SIP domain was made by hand: what it says stays, until the environment is cut over. */
  readonly asFound: boolean;
  /** What its domain said when it was taken over. */
  readonly found: FoundSettings | null;
  readonly revision: number;
}

/** The names that things of a tenant have at Twilio. */
export interface Named {
  /** As we write it: lower case. */
  readonly code: string;
  readonly number?: string | undefined;
  readonly role?: string;
  readonly extension?: string;
}

/** Whether its account has, or may have yet, what belongs to the environment itself and to no tenant. */
export const hasGuards = ({ usageTriggers, allowedAddresses }: Environment): boolean => usageTriggers !== undefined || allowedAddresses !== undefined;

/** As one that is leaving: of what belongs to itself nothing is wanted any more. */
export const withoutGuards = (environment: Environment): Environment => ({ ...environment, ...noneOf(environment) });

/** Of what an environment has declared for itself, none. */
export const noneOf = ({ usageTriggers, allowedAddresses }: Pick<PutEnvironment, 'usageTriggers' | 'allowedAddresses'>): Pick<PutEnvironment, 'usageTriggers' | 'allowedAddresses'> => ({
  ...(usageTriggers === undefined ? {} : { usageTriggers: [] }),
  ...(allowedAddresses === undefined ? {} : { allowedAddresses: [] }),
});

/** The longest part of a SIP domain's name that a name with an ending of ours has room for. */
const MAX_LABEL = 32;

/**
 * Whose something of an account is that has no domain, list or number in it: by the environment's SIP domain, which never changes and which nobody else has, at most 40 characters.
 * Other Troncals may have environments of the same name in the same account.
 */
export function ownerName(domain: string): string {
  const [label = ''] = domain.split('.');
  return `Troncal ${label.length <= MAX_LABEL ? label : createHash('sha256').update(label).digest('hex').slice(0, MAX_LABEL)}`;
}

/** Fills a pattern in; undefined when it needs a number and there is none. */
export function nameBy(pattern: string, { code, number, role = '', extension = '' }: Named): string | undefined {
  if (pattern.includes('{number}') && number === undefined) return undefined;
  const values: Readonly<Record<string, string>> = { '{CODE}': code.toUpperCase(), '{code}': code, '{number}': number ?? '', '{role}': role, '{extension}': extension };
  return pattern.replace(/\{(CODE|code|number|role|extension)\}/g, (field) => values[field] ?? field);
}

/** Which tenant something belongs to by its name, lower-cased; undefined for a name of another pattern. */
export function codeOfList(pattern: string, list: string): string | undefined {
  const [before = '', after = ''] = pattern.split(/\{(?:CODE|code)\}/);
  if (!list.startsWith(before) || !list.endsWith(after) || list.length <= before.length + after.length) return undefined;
  const code = list.slice(before.length, list.length - after.length).toLowerCase();
  return /^[a-z0-9-][a-z0-9_-]{1,31}$/.test(code) ? code : undefined;
}

/** How a tenant's subaccount is called. */
export function nameOfAccount({ name, naming }: Pick<Environment, 'name' | 'naming'>, code: string): string {
  return nameBy(accountPattern(name, naming.account), { code }) ?? code;
}

/** Which tenant a subaccount belongs to by its name, lower-cased; undefined for one of another pattern or environment. */
export function codeOfAccount({ name, naming }: Pick<Environment, 'name' | 'naming'>, account: string): string | undefined {
  return codeOfList(accountPattern(name, naming.account), account);
}

const accountPattern = (environment: string, pattern: string): string => pattern.replaceAll('{environment}', environment);

/** What a SIP user's name says by the pattern; undefined for a name of another one. */
export function readUsername(pattern: string, username: string): { readonly number?: string; readonly role?: string; readonly extension?: string } | undefined {
  const fields: Readonly<Record<string, string>> = { '{CODE}': '(?:[A-Z0-9_-]+)', '{code}': '(?:[a-z0-9_-]+)', '{number}': String.raw`(?<number>\+[1-9]\d{6,14})`, '{role}': '(?<role>[a-z][a-z0-9_-]{0,31})', '{extension}': String.raw`(?<extension>\d{1,16})` };
  const source = pattern.split(/(\{(?:CODE|code|number|role|extension)\})/).map((part) => fields[part] ?? literal(part)).join('');
  return new RegExp(`^${source}$`).exec(username)?.groups;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
