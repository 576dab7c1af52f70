import { errorText } from '@troncal/kernel';
import type { Twilio } from 'twilio';
import type { AddressLists } from './address-list/address-lists.js';
import { SdkAddressLists } from './address-list/address-lists.sdk.js';
import type { ChangeAuthor } from './change-author.js';
import type { DesiredDomain, DesiredNumber, MappingWay } from './desired-account.js';
import type { ObservedAccount, ObservedDomain, ObservedList, ObservedNumber, ObservedPermission } from './observed-account.js';
import type { DomainChanges, NumberChanges, PermissionChanges } from './step.js';
import { TwilioAccount, type AccountStanding, type NumberWish, type ReadScope } from './twilio-account.js';
import { isMissing } from './twilio-account.errors.js';
import { largest, TwilioRequests, unlessMissing, type Made } from './twilio-requests.js';
import type { Papers } from './papers/papers.js';
import { SdkPapers } from './papers/papers.sdk.js';
import { SdkUsageTriggers } from './usage-triggers/usage-triggers.sdk.js';
import type { UsageTriggers } from './usage-triggers/usage-triggers.js';

/** Lists that are mapped to a domain, whichever the way: the SDK has a class for each. */
interface Mappings {
  (listSid: string): { fetch(): Promise<Made>; remove(): Promise<boolean> };
  create(parameters: { credentialListSid: string }): Promise<Made>;
  list(parameters: { pageSize: number }): Promise<readonly Made[]>;
}

/** Numbers for sale of one kind: the SDK has a class for each. */
interface Offers {
  list(parameters: { pageSize: number; limit: number; voiceEnabled: boolean; contains?: string }): Promise<readonly { readonly phoneNumber: string }[]>;
}

/** An account over Twilio's own SDK. */
export class SdkTwilioAccount extends TwilioAccount {
  readonly triggers: UsageTriggers;
  readonly addresses: AddressLists;
  readonly papers: Papers;
  private readonly requests: TwilioRequests;

  /** @param looksMs waits between the looks for what was made @param parent whose subaccount it is; absent for the platform's own */
  constructor(
    private readonly twilio: Twilio,
    looksMs?: readonly number[],
    private readonly parent?: Twilio,
  ) {
    super();
    this.requests = new TwilioRequests(looksMs);
    this.triggers = new SdkUsageTriggers(twilio, this.requests);
    this.addresses = new SdkAddressLists(twilio, this.requests);
    this.papers = new SdkPapers(twilio, this.requests);
  }

  get sid(): string {
    return this.twilio.accountSid;
  }

  async read(domainName: string, { lists: only, triggers = false, addressList }: ReadScope = {}): Promise<ObservedAccount> {
    return this.requests.ask('a read of the account', async () => {
      const [permissions, inherited, watches] = [this.permissions(), this.inherits(), triggers ? this.triggers.read() : undefined];
      const [domains, all, numbers] = await Promise.all([this.twilio.sip.domains.list(largest()), this.twilio.sip.credentialLists.list(largest()), this.twilio.incomingPhoneNumbers.list(largest())]);
      const domain = observedDomain(domains, domainName);
      const lists = all.filter(({ friendlyName }) => only?.has(friendlyName) !== false);
      const [calls, registrations, users, addresses] = await Promise.all([
        this.mapped(domain?.sid, 'calls'),
        this.mapped(domain?.sid, 'registrations'),
        Promise.all(lists.map(({ sid }) => this.twilio.sip.credentialLists(sid).credentials.list(largest()))),
        addressList === undefined ? undefined : this.addresses.read(addressList, domain?.sid),
      ]);
      return {
        domain,
        lists: lists.map(({ sid, friendlyName }, index): ObservedList => ({
          sid,
          name: friendlyName,
          users: (users[index] ?? []).map((user) => ({ sid: user.sid, username: user.username })),
          calls: calls.has(sid),
          registers: registrations.has(sid),
        })),
        numbers: numbers.map(observedNumber),
        permissions: await permissions,
        inherited: await inherited,
        ...(watches === undefined ? {} : { triggers: await watches }),
        ...(addresses === undefined ? {} : { addresses }),
        counts: { domains: domains.length, lists: all.length },
      };
    });
  }

  createDomain(domain: DesiredDomain): Promise<string> {
    return this.requests.sidOf('SD', {
      what: `SIP domain ${domain.name}`,
      taken: 21232,
      make: () => this.twilio.sip.domains.create({ domainName: domain.name, voiceMethod: 'POST', ...domainParameters({ ...domain, sipRegistration: true }) }),
      look: () => this.domain(domain.name),
    });
  }

  async changeDomain(sid: string, changes: DomainChanges): Promise<void> {
    await this.requests.change(`a change of SIP domain ${sid}`, () => this.twilio.sip.domains(sid).update(domainParameters(changes)));
  }

  domainNames(): Promise<string[]> {
    return this.requests.ask('a read of its SIP domains', async () => (await this.twilio.sip.domains.list(largest())).map(({ domainName }) => domainName));
  }

  numbers(): Promise<ReadonlySet<string>> {
    return this.requests.ask('a read of the numbers', async () => new Set((await this.twilio.incomingPhoneNumbers.list(largest())).map(({ phoneNumber }) => phoneNumber)));
  }

  /** All countries in one read. They are at another host, which a key may not reach and a subaccount's parent never does. */
  async permissions(): Promise<ObservedAccount['permissions']> {
    try {
      const countries = await this.twilio.voice.v1.dialingPermissions.countries.list(largest());
      return new Map(
        countries.map(({ isoCode, lowRiskNumbersEnabled, highRiskSpecialNumbersEnabled, highRiskTollfraudNumbersEnabled }): [string, ObservedPermission] => [
          isoCode,
          { lowRisk: lowRiskNumbersEnabled, highRisk: highRiskSpecialNumbersEnabled || highRiskTollfraudNumbersEnabled },
        ]),
      );
    } catch (error) {
      return { unread: errorText(error) };
    }
  }

  async removeDomain(sid: string): Promise<void> {
    await this.requests.remove(`SIP domain ${sid}`, () => this.twilio.sip.domains(sid).remove());
  }

  createList(name: string): Promise<string> {
    return this.requests.sidOf('CL', {
      what: `credential list ${name}`,
      taken: 21240,
      make: () => this.twilio.sip.credentialLists.create({ friendlyName: name }),
      look: async () => (await this.twilio.sip.credentialLists.list(largest())).find(({ friendlyName }) => friendlyName === name),
    });
  }

  async removeList(sid: string): Promise<void> {
    await this.requests.remove(`credential list ${sid}`, () => this.twilio.sip.credentialLists(sid).remove());
  }

  async createUser(listSid: string, username: string, password: string): Promise<void> {
    const { credentials } = this.twilio.sip.credentialLists(listSid);
    await this.requests.sidOf('CR', {
      what: `SIP user ${username}`,
      // Also its code for a username or password against its rules: then nothing is to be seen.
      taken: 21243,
      make: () => credentials.create({ username, password }),
      look: async () => (await credentials.list(largest())).find((user) => user.username === username),
    });
  }

  async removeUser(listSid: string, sid: string): Promise<void> {
    await this.requests.remove(`SIP user ${sid}`, () => this.twilio.sip.credentialLists(listSid).credentials(sid).remove());
  }

  async mapList(domainSid: string, listSid: string, way: MappingWay): Promise<void> {
    const mappings = this.mappings(domainSid, way);
    // A mapping's SID is its list's.
    await this.requests.sidOf('CL', {
      what: `the mapping of ${listSid} for ${way}`,
      taken: 21231,
      make: () => mappings.create({ credentialListSid: listSid }),
      look: () => mappings(listSid).fetch().catch(unlessMissing),
    });
  }

  async unmapList(domainSid: string, listSid: string, way: MappingWay): Promise<void> {
    await this.requests.remove(`the mapping of ${listSid} for ${way}`, () => this.mappings(domainSid, way)(listSid).remove());
  }

  async buyNumber(number: DesiredNumber): Promise<void> {
    const settings = numberParameters(number);
    let bought = true;
    const sid = await this.requests.sidOf('PN', {
      what: `number ${number.e164}`,
      taken: 21422,
      make: () => this.twilio.incomingPhoneNumbers.create({ phoneNumber: number.e164, voiceMethod: 'POST', ...settings, ...papers(number) }),
      look: async () => {
        const there = await this.number(number.e164);
        bought = there === undefined;
        return there;
      },
    });
    // It was there before: bought by a run that died, with these settings, or by hand with others.
    if (!bought) await this.changeNumber(sid, number);
  }

  async moveNumber(from: string, sid: string, number: DesiredNumber): Promise<void> {
    const move = { accountSid: this.sid, ...numberParameters(number), voiceApplicationSid: '', trunkSid: '', ...papers(number) };
    await this.requests.change(`the move of ${number.e164} out of ${from}`, async () => {
      try {
        await (this.parent ?? this.twilio).api.v2010.accounts(from).incomingPhoneNumbers(sid).update(move);
      } catch (error) {
        // It came already, by a request of which nobody knew.
        if (!isMissing(error) || (await this.requests.seen(() => this.number(number.e164))) === undefined) throw error;
      }
    });
  }

  findNumber(e164: string): Promise<string | undefined> {
    return this.requests.ask(`a look for ${e164}`, async () => (await this.number(e164))?.sid);
  }

  async changeNumber(sid: string, changes: NumberChanges): Promise<void> {
    // An empty SID takes an application or a trunk away, which would win over the URL.
    const parameters = { ...numberParameters(changes), ...(changes.voiceUrl === undefined ? {} : { voiceApplicationSid: '', trunkSid: '' }) };
    await this.requests.change(`a change of number ${sid}`, () => this.twilio.incomingPhoneNumbers(sid).update(parameters));
  }

  async releaseNumber(sid: string): Promise<void> {
    await this.requests.remove(`number ${sid}`, () => this.twilio.incomingPhoneNumbers(sid).remove());
  }

  async permitCountries(changes: PermissionChanges): Promise<void> {
    const updates = permissionUpdates(changes);
    const { dialingPermissions } = this.twilio.voice.v1;
    if (changes.own) await this.requests.change('the end of inherited dialing permissions', () => dialingPermissions.settings().update({ dialingPermissionsInheritance: false }));
    if (updates.length > 0) await this.requests.change('a change of dialing permissions', () => dialingPermissions.bulkCountryUpdates.create({ updateRequest: JSON.stringify(updates) }));
  }

  async setPassword(listSid: string, sid: string, password: string): Promise<void> {
    await this.requests.change(`a new password for SIP user ${sid}`, () => this.twilio.sip.credentialLists(listSid).credentials(sid).update({ password }));
  }

  async search({ country, type, contains }: NumberWish, limit: number): Promise<string[]> {
    const numbers = this.twilio.availablePhoneNumbers(country);
    const wish = { pageSize: limit, limit, voiceEnabled: true, ...(contains === undefined ? {} : { contains }) };
    const kinds: Readonly<Record<NumberWish['type'], Offers>> = { local: numbers.local, mobile: numbers.mobile, national: numbers.national, 'toll-free': numbers.tollFree };
    // A country without numbers of this kind has no such resource.
    return this.requests.ask(`the ${type} numbers for sale in ${country}`, async () => (await kinds[type].list(wish).catch(unlessMissing))?.map(({ phoneNumber }) => phoneNumber) ?? []);
  }

  async standing(): Promise<AccountStanding> {
    const { type, status } = await this.requests.ask('a read of the account’s standing', () => this.twilio.api.v2010.accounts(this.sid).fetch());
    return { type, status };
  }

  async hasApprovedProfile(): Promise<boolean> {
    // A profile of any other kind is approved only after the primary one.
    const approved = await this.requests.ask('a read of its owner’s profile', () => this.twilio.trusthub.v1.customerProfiles.list({ status: 'twilio-approved', limit: 1 }));
    return approved.length > 0;
  }

  async lastAuthor(sid: string): Promise<ChangeAuthor | undefined> {
    const [event] = await this.requests.ask(`who changed ${sid}`, () => this.twilio.monitor.v1.events.list({ resourceSid: sid, limit: 1 }).catch(unlessMissing)) ?? [];
    return event && { actor: event.actorSid, source: event.source, ip: event.sourceIpAddress, at: event.eventDate };
  }

  private async number(e164: string): Promise<Made | undefined> {
    return (await this.twilio.incomingPhoneNumbers.list({ phoneNumber: e164 }))[0];
  }

  private async domain(name: string): Promise<ObservedDomain | undefined> {
    return observedDomain(await this.twilio.sip.domains.list(largest()), name);
  }

  /** Whether its permissions are its parent's; what can't be read isn't changed. */
  private async inherits(): Promise<boolean> {
    if (this.parent === undefined) return false;
    return this.twilio.voice.v1.dialingPermissions.settings().fetch().then(({ dialingPermissionsInheritance }) => dialingPermissionsInheritance, () => false);
  }

  private async mapped(domainSid: string | undefined, way: MappingWay): Promise<ReadonlySet<string>> {
    return new Set(domainSid === undefined ? [] : (await this.mappings(domainSid, way).list(largest())).map(({ sid }) => sid));
  }

  private mappings(domainSid: string, way: MappingWay): Mappings {
    const { calls, registrations } = this.twilio.sip.domains(domainSid).auth;
    return way === 'calls' ? calls.credentialListMappings : registrations.credentialListMappings;
  }
}

const orNull = (url: string): string | null => ((url as string | null) === '' ? null : url);

function observedDomain(domains: Awaited<ReturnType<Twilio['sip']['domains']['list']>>, name: string): ObservedDomain | undefined {
  const there = domains.find(({ domainName }) => domainName === name);
  if (there === undefined) return undefined;
  const { sid, secure, sipRegistration, friendlyName, authType } = there;
  return { sid, name, secure, sipRegistration, byAddress: (authType as string | null)?.includes('IP_ACL') ?? false, friendlyName, voiceUrl: orNull(there.voiceUrl), voiceFallbackUrl: orNull(there.voiceFallbackUrl), statusCallback: orNull(there.voiceStatusCallbackUrl) };
}

/** As Twilio's BulkCountryUpdates takes them: flags are texts, and what isn't said stays. */
function permissionUpdates({ on, off, lowRiskOnly }: PermissionChanges): object[] {
  const noHighRisk = { high_risk_special_numbers_enabled: 'false', high_risk_tollfraud_numbers_enabled: 'false' };
  return [
    ...on.map((iso) => ({ iso_code: iso, low_risk_numbers_enabled: 'true', ...(lowRiskOnly.includes(iso) ? noHighRisk : {}) })),
    ...lowRiskOnly.filter((iso) => !on.includes(iso)).map((iso) => ({ iso_code: iso, ...noHighRisk })),
    ...off.map((iso) => ({ iso_code: iso, low_risk_numbers_enabled: 'false', ...noHighRisk })),
  ];
}

function observedNumber({ sid, phoneNumber, friendlyName, voiceUrl, voiceFallbackUrl, statusCallback, voiceApplicationSid, trunkSid }: Awaited<ReturnType<Twilio['incomingPhoneNumbers']['list']>>[number]): ObservedNumber {
  return {
    sid,
    e164: phoneNumber,
    friendlyName,
    voiceUrl: orNull(voiceUrl),
    voiceFallbackUrl: orNull(voiceFallbackUrl),
    statusCallback: orNull(statusCallback),
    answeredBy: isSet(trunkSid) ? 'trunk' : isSet(voiceApplicationSid) ? 'application' : 'url',
  };
}

const papers = ({ bundleSid, addressSid }: DesiredNumber): { bundleSid?: string; addressSid?: string } => ({ ...(bundleSid === null ? {} : { bundleSid }), ...(addressSid === null ? {} : { addressSid }) });

const isSet = (sid: string | null): boolean => sid !== null && sid !== '';

/** What isn't said is left out; null is Twilio's empty value. */
const given = <N extends string>(name: N, value: string | null | undefined): { [K in N]?: string } => (value === undefined ? {} : { [name]: value ?? '' }) as { [K in N]?: string };

const domainParameters = ({ friendlyName, voiceUrl, voiceFallbackUrl, statusCallback, secure, sipRegistration }: DomainChanges) => ({
  ...given('friendlyName', friendlyName),
  ...given('voiceUrl', voiceUrl),
  ...given('voiceFallbackUrl', voiceFallbackUrl),
  ...given('voiceStatusCallbackUrl', statusCallback),
  ...(secure === undefined ? {} : { secure }),
  ...(sipRegistration === undefined ? {} : { sipRegistration }),
});

const numberParameters = ({ friendlyName, voiceUrl, voiceFallbackUrl, statusCallback }: NumberChanges) => ({
  ...given('friendlyName', friendlyName),
  ...given('voiceUrl', voiceUrl),
  ...given('voiceFallbackUrl', voiceFallbackUrl),
  ...given('statusCallback', statusCallback),
});
