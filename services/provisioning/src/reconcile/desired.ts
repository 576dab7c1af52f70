import type { DeclaredNumber } from '@troncal/contracts';
import { ownerName, type Environment } from '../environments/environment.js';
import type { Address } from '../twilio/account/address-list/address-list.js';
import { LONGEST_NAME, type DesiredAccount, type DesiredDomain, type DesiredList, type DesiredNumber, type Missing, type VoiceSettings } from '../twilio/account/desired-account.js';
import { WAYS } from '../twilio/account/plan-account.js';
import type { DesiredTriggers, UsageTrigger } from '../twilio/account/usage-triggers/usage-trigger.js';
import { wishesOf } from '../twilio-numbers/twilio-number.js';
import { urlOf, VOICE_PATHS, voiceUrlsOf } from '../voice/voice-urls.js';
import type { AccountShare } from './account-share.js';
import type { TenantFacts } from './tenant-facts.js';

/**
 * What an account has to hold of the tenants of an environment that are in it. Pure. Whole lists are wanted as they are, with the users of other tenants in them; what was
 * taken over as it was found is not touched. @param released numbers that have to go for ever
 */
export function desiredAccount(environment: Environment, { subaccount, watchOnly, tenants, listed, countries }: AccountShare, released: readonly string[] = []): DesiredAccount {
  const domain = subaccount?.domain ?? environment.domain;
  const leaving = new Set(tenants.filter(({ state }) => state === 'leaving').map(({ tenant }) => tenant));
  const asFound = new Set(tenants.filter((tenant) => tenant.asFound).map(({ tenant }) => tenant));
  const lists = [...Map.groupBy(listed, ({ list }) => list)].map(([name, users]) => ({ name, users: users.filter(({ tenant }) => !leaving.has(tenant)) }));
  return {
    domain: desiredDomain(subaccount === null ? environment : { ...environment, domain: subaccount.domain, asFound: asFound.size > 0, found: subaccount.found }),
    lists: lists
      .filter(({ users }) => users.length > 0)
      .map(({ name, users }): DesiredList => ({
        name,
        usernames: users.map(({ username }) => username),
        unsure: users.filter(({ state, password }) => state === 'wanted' && password !== null).map(({ username }) => username),
        ways: users.some(({ tenant }) => asFound.has(tenant)) ? [] : WAYS,
      })),
    numbers: tenants.filter(({ state }) => state === 'declared').flatMap((tenant) => desiredNumbers(environment, tenant)),
    permissions: { countries, exact: environment.dialingPermissions === 'exact', own: subaccount !== null && asFound.size === 0 },
    // Twilio counts by account, and the platform's is the one that all of the environment's tenants share.
    ...(environment.usageTriggers === undefined || subaccount !== null ? {} : { triggers: desiredTriggers(environment, environment.usageTriggers) }),
    // It guards the domain, which whoever is in the account plans with the rest.
    ...(environment.allowedAddresses === undefined || watchOnly ? {} : { addressList: { name: ownerName(domain), addresses: environment.allowedAddresses.map(addressOf) } }),
    gone: { lists: lists.filter(({ users }) => users.length === 0).map(({ name }) => name), numbers: released },
  };
}

function desiredDomain(environment: Environment): DesiredDomain {
  const { name, domain, secure, asFound, found } = environment;
  const ours = { friendlyName: `Troncal ${name}`, ...voiceSettings(environment, 'phone') };
  return { name: domain, ...(asFound && found !== null ? found : ours), secure };
}

function addressOf(network: string): Address {
  const [ip = '', bits] = network.split('/');
  return { ip, bits: Number(bits) };
}

const RECURRING = { day: 'daily', month: 'monthly', year: 'yearly', ever: 'alltime' } as const;

function desiredTriggers({ name: environment, domain, publicUrl }: Environment, declared: NonNullable<Environment['usageTriggers']>): DesiredTriggers {
  const owner = ownerName(domain);
  return {
    owner,
    all: declared.map(({ name, category, by, above, every }): UsageTrigger => ({
      name: `${owner}/${name}`, category, by, value: above, recurring: RECURRING[every], callbackUrl: urlOf(publicUrl, VOICE_PATHS.usage, { environment, trigger: name }),
    })),
  };
}

function desiredNumbers(environment: Environment, { asFound, declaration, numbers }: TenantFacts): DesiredNumber[] {
  const wishes = new Map(wishesOf(declaration.numbers).map(({ wish, number }) => [wish, number]));
  return numbers.flatMap(({ wish, e164, state, found }) => {
    const number = wishes.get(wish);
    if (number === undefined || e164 === null || state === 'held') return [];
    const ours = { friendlyName: declaration.name.slice(0, LONGEST_NAME), ...voiceSettings(environment, 'number') };
    return [{ e164, ...(asFound && found !== null ? found : ours), bundleSid: number.bundle ?? null, addressSid: number.address ?? null, whenMissing: whenMissing(number, declaration.country) }];
  });
}

function voiceSettings({ publicUrl, fallbackUrl }: Environment, of: 'number' | 'phone'): Omit<VoiceSettings, 'friendlyName'> {
  const ours = voiceUrlsOf(publicUrl);
  // Without another address the same one says why: a document that Twilio can't use is the likelier fault.
  return { voiceUrl: ours[of], voiceFallbackUrl: fallbackUrl === undefined ? ours.fallback : voiceUrlsOf(fallbackUrl)[of], statusCallback: ours.status };
}

/** Twilio's Porting API takes numbers of the US alone; elsewhere its support does it by hand (22133). */
const FILE_PORT = 'file the port in Twilio’s Console or by its Porting API with the latest bill, a letter of authorisation and the PIN, at least 7 days ahead, and declare its request: KW…';
const TICKET = 'open a porting ticket with Twilio’s support, with the latest bill and a letter of authorisation of the number’s owner; Twilio answers with the date';

function whenMissing(number: DeclaredNumber, country: string): 'buy' | Missing {
  switch (number.have) {
    case 'buy':
      return 'buy';
    case 'owned':
      return { why: 'It is said to be in this account, and is not.', who: 'Whoever has it: move or port it here, and it is taken up by itself; or declare have: buy.' };
    case 'port-in':
      if (number.request !== undefined) return { why: `It is with another carrier still; Twilio’s port-in request is ${number.request}.`, who: 'Whoever that request waits for: it is looked at by itself.' };
      return { why: 'It is with another carrier still.', who: `You: ${country === 'US' ? FILE_PORT : TICKET}, and keep its line until it is here. It is taken up by itself once it is in the account.` };
  }
}
