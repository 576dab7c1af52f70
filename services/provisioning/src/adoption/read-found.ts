import { readNumber } from '@troncal/kernel';
import { tenantDeclarationSchema, type RouteInput, type TenantDeclaration, type TenantDeclarationInput } from '@troncal/contracts';
import { codeOfList, readUsername, type Environment } from '../environments/environment.js';
import type { ObservedAccount, ObservedDomain, ObservedList, ObservedNumber } from '../twilio/account/observed-account.js';
import type { OpenedAccount } from '../twilio/account/twilio-subaccounts.js';

/** What an account doesn't say of the tenants that are found in it. */
export interface AdoptionDefaults {
  readonly country: string;
  readonly timeZone: string;
  readonly language: 'es' | 'en';
}

/** A tenant as it was found in an account. */
export interface FoundTenant {
  readonly declaration: TenantDeclaration;
  readonly list: string;
  readonly numbers: readonly ObservedNumber[];
  /** The subaccount that all of it is in; the platform's account when absent. */
  readonly within?: OpenedAccount & { readonly domain: ObservedDomain };
}

export interface FoundTenants {
  readonly tenants: readonly FoundTenant[];
  /** What can't be taken over, and why. */
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

const FIRST_EXTENSION = 201;

/**
 * Reads tenants out of an account that was made by hand: each credential list of the environment's naming is one, its users are phones, and the numbers in their names are its own.
 * Pure. @param known tenants that are declared already
 */
export function readFound({ naming }: Pick<Environment, 'naming'>, { lists, numbers }: Pick<ObservedAccount, 'lists' | 'numbers'>, defaults: AdoptionDefaults, known: ReadonlySet<string>): FoundTenants {
  const tenants: FoundTenant[] = [];
  const leftOut: { what: string; why: string }[] = [];
  for (const list of lists) {
    const code = codeOfList(naming.list, list.name);
    if (code === undefined) {
      leftOut.push({ what: `credential list ${list.name}`, why: `its name is not of the pattern ${naming.list}` });
      continue;
    }
    if (known.has(code)) continue;
    const found = tenantIn(naming.user, code, list, numbers, defaults);
    if ('why' in found) leftOut.push({ what: `credential list ${list.name}`, why: found.why });
    else tenants.push(found);
  }
  const taken = new Set(tenants.flatMap((tenant) => tenant.numbers.map(({ e164 }) => e164)));
  for (const { e164 } of numbers) if (!taken.has(e164)) leftOut.push({ what: e164, why: 'no SIP user names it: declare it with the tenant that it belongs to' });
  return { tenants, leftOut };
}

function tenantIn(pattern: string, code: string, list: ObservedList, numbers: readonly ObservedNumber[], { country, timeZone, language }: AdoptionDefaults): FoundTenant | { readonly why: string } {
  const users = list.users.map(({ username }) => ({ username, says: readUsername(pattern, username) ?? {} }));
  const named = new Set(users.flatMap(({ username, says }) => says.number ?? (/^\+[1-9]\d{6,14}$/.test(username) ? [username] : [])));
  const own = numbers.filter(({ e164 }) => named.has(e164));
  const taken = new Set(users.flatMap(({ says }) => says.extension ?? []));
  const free = freeExtensions(taken);
  const endpoints = users.map(({ username, says }) => ({ extension: says.extension ?? free(), role: says.role ?? 'phone', username }));
  const where = own.map(({ e164 }) => readNumber(e164)?.country).find((each) => each !== undefined) ?? country;
  const input: TenantDeclarationInput = {
    tenant: code,
    name: own[0]?.friendlyName ?? code.toUpperCase(),
    country: where,
    language,
    timeZone,
    numbers: own.map(({ e164 }) => ({ have: 'owned', e164, route: 'main' })),
    endpoints,
    routes: { main: ringAll(endpoints.map(({ extension }) => extension), language) },
    emergency: { acknowledged: true },
  };
  const read = tenantDeclarationSchema.safeParse(input);
  return read.success ? { declaration: read.data, list: list.name, numbers: own } : { why: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
}

/** What its callers will meet once it's cut over, until somebody says better: its phones, one after the other. */
function ringAll(extensions: readonly string[], language: 'es' | 'en'): RouteInput {
  const nobody = { kind: 'hangup', prompt: { say: { es: 'En este momento nadie puede atenderle. Adiós.', en: 'Nobody can take your call now. Goodbye.' } } } as const;
  if (extensions.length === 0) return { name: 'Main', language, start: 'nobody', nodes: { nobody } };
  return { name: 'Main', language, start: 'phones', nodes: { phones: { kind: 'ring', extensions: extensions.slice(0, 20), strategy: 'in_order', onNoAnswer: 'nobody' }, nobody } };
}

function freeExtensions(taken: ReadonlySet<string>): () => string {
  let next = FIRST_EXTENSION;
  return () => {
    while (taken.has(String(next))) next += 1;
    return String(next++);
  };
}
