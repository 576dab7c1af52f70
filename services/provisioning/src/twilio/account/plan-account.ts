import { planAddresses } from './address-list/plan-addresses.js';
import type { DesiredAccount, DesiredList, DesiredNumber, DesiredPermissions, MappingWay, VoiceSettings } from './desired-account.js';
import type { NumberElsewhere, ObservedAccount, ObservedDomain, ObservedList, ObservedNumber, ObservedPermission, ObservedSettings } from './observed-account.js';
import { DOMAIN_KEY, listKey, mappingKey, numberKey, PERMISSIONS_KEY, step, userKey, type DomainChanges, type NumberChanges, type Step } from './step.js';
import { planTriggers } from './usage-triggers/plan-triggers.js';

/** A number that has to be there and can't be had by us alone. */
export interface Waiting {
  readonly e164: string;
  readonly why: string;
  readonly who: string;
}

export interface AccountPlan {
  /** Each after all that it needs. */
  readonly steps: readonly Step[];
  readonly waiting: readonly Waiting[];
}

/** The two ways that a list can be mapped. */
export const WAYS: readonly MappingWay[] = ['calls', 'registrations'];

/**
 * The difference between what an account has to hold and what it holds, as steps. Pure: the same two give the same plan, and none when they agree. Nothing is
 * removed but what `gone` names; nothing is renamed.
 */
export function planAccount(desired: DesiredAccount, observed: ObservedAccount): AccountPlan {
  const domain = domainSteps(desired, observed.domain);
  const lists = new Map(observed.lists.map((list) => [list.name, list]));
  const numbers = new Map(observed.numbers.map((number) => [number.e164, number]));
  const planned = desired.numbers.map((number) => numberSteps(number, numbers.get(number.e164), observed.elsewhere?.get(number.e164)));
  return {
    steps: [
      ...domain,
      ...desired.lists.flatMap((list) => listSteps(list, lists.get(list.name), observed.domain === undefined)),
      ...planned.flatMap(({ steps }) => steps),
      ...permissionSteps(desired.permissions, observed),
      ...planGuards(desired, observed),
      ...desired.gone.lists.flatMap((name) => goneSteps(lists.get(name))),
      ...desired.gone.numbers.flatMap((e164) => releaseSteps(numbers.get(e164))),
    ],
    waiting: planned.flatMap(({ waiting }) => waiting),
  };
}

/** The part of the plan that is about no tenant's things and not the domain itself: what guards the account. What was not read is not planned. */
export function planGuards({ triggers, addressList }: Pick<DesiredAccount, 'triggers' | 'addressList'>, { domain, ...there }: Pick<ObservedAccount, 'triggers' | 'addresses' | 'domain'>): Step[] {
  return [
    ...(triggers === undefined || there.triggers === undefined ? [] : planTriggers(triggers, there.triggers)),
    ...(addressList === undefined || there.addresses === undefined ? [] : planAddresses(addressList, there.addresses, domain === undefined)),
  ];
}

function domainSteps({ domain }: DesiredAccount, there: ObservedDomain | undefined): Step[] {
  if (there === undefined) return [step(DOMAIN_KEY, { do: 'create-domain', domain })];
  const changes: DomainChanges = {
    ...settingsChanges(domain, there),
    ...(there.secure === domain.secure ? {} : { secure: domain.secure }),
    ...(there.sipRegistration ? {} : { sipRegistration: true as const }),
  };
  return Object.keys(changes).length === 0 ? [] : [step(DOMAIN_KEY, { do: 'change-domain', sid: there.sid, changes })];
}

function listSteps({ name, usernames, unsure, ways }: DesiredList, there: ObservedList | undefined, newDomain: boolean): Step[] {
  const needsList = there === undefined ? [listKey(name)] : [];
  const known = new Set(there?.users.map(({ username }) => username));
  const isMapped = (way: MappingWay): boolean => there !== undefined && (way === 'calls' ? there.calls : there.registers);
  return [
    ...(there === undefined ? [step(listKey(name), { do: 'create-list', list: name })] : []),
    ...usernames.filter((username) => !known.has(username)).map((username) => step(userKey(name, username), { do: 'create-user', list: name, username }, needsList)),
    ...(there?.users ?? []).filter(({ username }) => unsure.includes(username)).map(({ sid, username }) => step(userKey(name, username), { do: 'set-password', list: name, username, sid })),
    ...ways.filter((way) => !isMapped(way)).map((way) => step(mappingKey(name, way), { do: 'map-list', list: name, way }, newDomain ? [DOMAIN_KEY, ...needsList] : needsList)),
    // A user that isn't wanted any more could still call at the tenant's cost.
    ...(there?.users ?? []).filter(({ username }) => !usernames.includes(username)).map(({ sid, username }) => step(userKey(name, username), { do: 'remove-user', list: name, username, sid })),
  ];
}

function numberSteps(number: DesiredNumber, there: ObservedNumber | undefined, elsewhere: NumberElsewhere | undefined): { readonly steps: readonly Step[]; readonly waiting: readonly Waiting[] } {
  const { e164 } = number;
  if (there === undefined) {
    const { whenMissing } = number;
    if (elsewhere !== undefined) return { steps: [step(numberKey(e164), { do: 'move-number', number, sid: elsewhere.sid, from: elsewhere.account })], waiting: [] };
    if (whenMissing === 'buy') return { steps: [step(numberKey(e164), { do: 'buy-number', number })], waiting: [] };
    return { steps: [], waiting: [{ e164, ...whenMissing }] };
  }
  // Whatever answers in the URL's place is taken away by giving it the URL again.
  const changes: NumberChanges = { ...settingsChanges(number, there), ...(there.answeredBy === 'url' ? {} : { voiceUrl: number.voiceUrl }) };
  return { steps: Object.keys(changes).length === 0 ? [] : [step(numberKey(e164), { do: 'change-number', sid: there.sid, e164, changes })], waiting: [] };
}

/** The permission by which a country is called: Canada is called by that of the United States, as Twilio's own example has them in one row. */
export const permissionFor = (country: string, there: ReadonlyMap<string, ObservedPermission>): string => (country === 'CA' && !there.has(country) ? 'US' : country);

/** One step for all countries. High-risk numbers are never permitted. What could not be read, and what Twilio has no permission of, has no step. */
function permissionSteps({ countries, exact, own = false }: DesiredPermissions, { permissions: there, inherited = false }: Pick<ObservedAccount, 'permissions' | 'inherited'>): Step[] {
  if ('unread' in there) return [];
  // What a subaccount may call once it no longer has its parent's permissions is not to be seen before: then all is said.
  const anew = own && inherited;
  const wanted = new Set(countries.map((country) => permissionFor(country, there)));
  const known = [...there].toSorted(([one], [other]) => one.localeCompare(other));
  const some = (isMeant: (country: string, permission: ObservedPermission) => boolean): string[] => known.filter(([country, permission]) => isMeant(country, permission)).map(([country]) => country);
  const changes = {
    on: some((country, { lowRisk }) => wanted.has(country) && (anew || !lowRisk)),
    off: some((country, { lowRisk, highRisk }) => exact && !wanted.has(country) && (anew || lowRisk || highRisk)),
    lowRiskOnly: some((country, { highRisk }) => exact && wanted.has(country) && (anew || highRisk)),
  };
  return !anew && Object.values(changes).every((each) => each.length === 0) ? [] : [step(PERMISSIONS_KEY, { do: 'permit-countries', ...changes, own: anew })];
}

/** In the only order in which Twilio lets go of a list: a mapped one can't be deleted. Its users go with it. */
function goneSteps(there: ObservedList | undefined): Step[] {
  if (there === undefined) return [];
  const mapped = WAYS.filter((way) => (way === 'calls' ? there.calls : there.registers));
  return [
    ...mapped.map((way) => step(mappingKey(there.name, way), { do: 'unmap-list', list: there.name, way })),
    step(listKey(there.name), { do: 'remove-list', list: there.name }, mapped.map((way) => mappingKey(there.name, way))),
  ];
}

function releaseSteps(there: ObservedNumber | undefined): Step[] {
  return there === undefined ? [] : [step(numberKey(there.e164), { do: 'release-number', sid: there.sid, e164: there.e164 })];
}

function settingsChanges(wanted: VoiceSettings, there: ObservedSettings): NumberChanges {
  const names = ['friendlyName', 'voiceUrl', 'voiceFallbackUrl', 'statusCallback'] as const;
  // What was made by hand may have no name at all, which is told as an empty one.
  const now: ObservedSettings = { ...there, friendlyName: there.friendlyName ?? '' };
  return Object.fromEntries(names.filter((name) => wanted[name] !== now[name]).map((name) => [name, wanted[name]]));
}
