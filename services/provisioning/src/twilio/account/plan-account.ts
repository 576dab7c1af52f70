import type { DesiredAccount, DesiredList, DesiredNumber, VoiceSettings } from './desired-account.js';
import type { ObservedAccount, ObservedDomain, ObservedList, ObservedNumber, ObservedSettings } from './observed-account.js';
import { DOMAIN_KEY, listKey, mappingKey, numberKey, userKey, type Action, type DomainChanges, type MappingWay, type NumberChanges, type Step } from './step.js';

/** A number that has to be there and can't be had by us alone. */
export interface Waiting {
  readonly e164: string;
  readonly why: string;
}

export interface AccountPlan {
  /** Each after all that it needs. */
  readonly steps: readonly Step[];
  readonly waiting: readonly Waiting[];
}

const WAYS: readonly MappingWay[] = ['calls', 'registrations'];

/**
 * The difference between what an account has to hold and what it holds, as steps. Pure: the same two give the same plan, and none when they agree. Nothing is
 * removed but what `gone` names; nothing is renamed.
 */
export function planAccount(desired: DesiredAccount, observed: ObservedAccount): AccountPlan {
  const domain = domainSteps(desired, observed.domain);
  const lists = new Map(observed.lists.map((list) => [list.name, list]));
  const numbers = new Map(observed.numbers.map((number) => [number.e164, number]));
  const planned = desired.numbers.map((number) => numberSteps(number, numbers.get(number.e164)));
  return {
    steps: [
      ...domain,
      ...desired.lists.flatMap((list) => listSteps(list, lists.get(list.name), observed.domain === undefined)),
      ...planned.flatMap(({ steps }) => steps),
      ...desired.gone.lists.flatMap((name) => goneSteps(lists.get(name))),
    ],
    waiting: planned.flatMap(({ waiting }) => waiting),
  };
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

function listSteps({ name, usernames }: DesiredList, there: ObservedList | undefined, newDomain: boolean): Step[] {
  const needsList = there === undefined ? [listKey(name)] : [];
  const known = new Set(there?.users.map(({ username }) => username));
  const isMapped = (way: MappingWay): boolean => there !== undefined && (way === 'calls' ? there.calls : there.registers);
  return [
    ...(there === undefined ? [step(listKey(name), { do: 'create-list', list: name })] : []),
    ...usernames.filter((username) => !known.has(username)).map((username) => step(userKey(name, username), { do: 'create-user', list: name, username }, needsList)),
    ...WAYS.filter((way) => !isMapped(way)).map((way) => step(mappingKey(name, way), { do: 'map-list', list: name, way }, newDomain ? [DOMAIN_KEY, ...needsList] : needsList)),
    // A user that isn't wanted any more could still call at the tenant's cost.
    ...(there?.users ?? []).filter(({ username }) => !usernames.includes(username)).map(({ sid, username }) => step(userKey(name, username), { do: 'remove-user', list: name, username, sid })),
  ];
}

function numberSteps(number: DesiredNumber, there: ObservedNumber | undefined): { readonly steps: readonly Step[]; readonly waiting: readonly Waiting[] } {
  const { e164 } = number;
  if (there === undefined) {
    if (number.mayBeBought) return { steps: [step(numberKey(e164), { do: 'buy-number', number })], waiting: [] };
    return { steps: [], waiting: [{ e164, why: 'It is said to be in this account, and is not: it has to be moved or ported here, or may have to be bought.' }] };
  }
  // Whatever answers in the URL's place is taken away by giving it the URL again.
  const changes: NumberChanges = { ...settingsChanges(number, there), ...(there.answeredBy === 'url' ? {} : { voiceUrl: number.voiceUrl }) };
  return { steps: Object.keys(changes).length === 0 ? [] : [step(numberKey(e164), { do: 'change-number', sid: there.sid, e164, changes })], waiting: [] };
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

function settingsChanges(wanted: VoiceSettings, there: ObservedSettings): NumberChanges {
  const names = ['friendlyName', 'voiceUrl', 'voiceFallbackUrl', 'statusCallback'] as const;
  return Object.fromEntries(names.filter((name) => wanted[name] !== there[name]).map((name) => [name, wanted[name]]));
}

const step = (key: string, action: Action, after: readonly string[] = []): Step => ({ key, action, after });
