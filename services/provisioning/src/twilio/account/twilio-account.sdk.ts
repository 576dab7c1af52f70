import { pause, TransientError } from '@troncal/kernel';
import type { Twilio } from 'twilio';
import type { DesiredDomain, DesiredNumber } from './desired-account.js';
import type { ObservedAccount, ObservedDomain, ObservedList, ObservedNumber } from './observed-account.js';
import type { DomainChanges, MappingWay, NumberChanges } from './step.js';
import { TwilioAccount } from './twilio-account.js';
import { asOurs, codeOf, isMissing, isUnknown } from './twilio-account.errors.js';

/** Its own for each list: the SDK writes into what it is given. */
const largest = (): { pageSize: number } => ({ pageSize: 1_000 });
/** In ms: Twilio's reads run behind its writes at times. */
const LOOKS_MS: readonly number[] = [0, 250, 500, 1_000, 2_000];
/** How often a change is made anew when it isn't known what became of it and nothing is to be seen of it. */
const TRIES = 3;

interface Made {
  readonly sid: string;
}

/** Lists that are mapped to a domain, whichever the way: the SDK has a class for each. */
interface Mappings {
  (listSid: string): { fetch(): Promise<Made>; remove(): Promise<boolean> };
  create(parameters: { credentialListSid: string }): Promise<Made>;
  list(parameters: { pageSize: number }): Promise<readonly Made[]>;
}

/** What making something takes: the request, how to see that it is there, and Twilio's code for "there already". */
interface Making {
  readonly what: string;
  readonly make: () => Promise<Made>;
  readonly look: () => Promise<Made | undefined>;
  readonly taken: number;
}

/** An account over Twilio's own SDK. */
export class SdkTwilioAccount extends TwilioAccount {
  /** @param looksMs waits between the looks for what was made */
  constructor(
    private readonly twilio: Twilio,
    private readonly looksMs = LOOKS_MS,
  ) {
    super();
  }

  async read(domainName: string): Promise<ObservedAccount> {
    return this.ask('a read of the account', async () => {
      const [domain, lists, numbers] = await Promise.all([this.domain(domainName), this.twilio.sip.credentialLists.list(largest()), this.twilio.incomingPhoneNumbers.list(largest())]);
      const [calls, registrations, users] = await Promise.all([
        this.mapped(domain?.sid, 'calls'),
        this.mapped(domain?.sid, 'registrations'),
        Promise.all(lists.map(({ sid }) => this.twilio.sip.credentialLists(sid).credentials.list(largest()))),
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
      };
    });
  }

  createDomain(domain: DesiredDomain): Promise<string> {
    return this.sidOf('SD', {
      what: `SIP domain ${domain.name}`,
      taken: 21232,
      make: () => this.twilio.sip.domains.create({ domainName: domain.name, voiceMethod: 'POST', ...domainParameters({ ...domain, sipRegistration: true }) }),
      look: () => this.domain(domain.name),
    });
  }

  async changeDomain(sid: string, changes: DomainChanges): Promise<void> {
    await this.ask(`a change of SIP domain ${sid}`, () => this.again(() => this.twilio.sip.domains(sid).update(domainParameters(changes))));
  }

  createList(name: string): Promise<string> {
    return this.sidOf('CL', {
      what: `credential list ${name}`,
      taken: 21240,
      make: () => this.twilio.sip.credentialLists.create({ friendlyName: name }),
      look: async () => (await this.twilio.sip.credentialLists.list(largest())).find(({ friendlyName }) => friendlyName === name),
    });
  }

  async removeList(sid: string): Promise<void> {
    await this.remove(`credential list ${sid}`, () => this.twilio.sip.credentialLists(sid).remove());
  }

  async createUser(listSid: string, username: string, password: string): Promise<void> {
    const { credentials } = this.twilio.sip.credentialLists(listSid);
    await this.sidOf('CR', {
      what: `SIP user ${username}`,
      // Also its code for a username or password against its rules: then nothing is to be seen.
      taken: 21243,
      make: () => credentials.create({ username, password }),
      look: async () => (await credentials.list(largest())).find((user) => user.username === username),
    });
  }

  async removeUser(listSid: string, sid: string): Promise<void> {
    await this.remove(`SIP user ${sid}`, () => this.twilio.sip.credentialLists(listSid).credentials(sid).remove());
  }

  async mapList(domainSid: string, listSid: string, way: MappingWay): Promise<void> {
    const mappings = this.mappings(domainSid, way);
    // A mapping's SID is its list's.
    await this.sidOf('CL', {
      what: `the mapping of ${listSid} for ${way}`,
      taken: 21231,
      make: () => mappings.create({ credentialListSid: listSid }),
      look: () => mappings(listSid).fetch().catch(unlessMissing),
    });
  }

  async unmapList(domainSid: string, listSid: string, way: MappingWay): Promise<void> {
    await this.remove(`the mapping of ${listSid} for ${way}`, () => this.mappings(domainSid, way)(listSid).remove());
  }

  async buyNumber(number: DesiredNumber): Promise<void> {
    const settings = numberParameters(number);
    let bought = true;
    const sid = await this.sidOf('PN', {
      what: `number ${number.e164}`,
      taken: 21422,
      make: () => this.twilio.incomingPhoneNumbers.create({ phoneNumber: number.e164, voiceMethod: 'POST', ...settings, ...(number.bundleSid === null ? {} : { bundleSid: number.bundleSid }) }),
      look: async () => {
        const [there] = await this.twilio.incomingPhoneNumbers.list({ phoneNumber: number.e164 });
        bought = there === undefined;
        return there;
      },
    });
    // It was there before: bought by a run that died, with these settings, or by hand with others.
    if (!bought) await this.changeNumber(sid, number);
  }

  async changeNumber(sid: string, changes: NumberChanges): Promise<void> {
    // An empty SID takes an application or a trunk away, which would win over the URL.
    const parameters = { ...numberParameters(changes), ...(changes.voiceUrl === undefined ? {} : { voiceApplicationSid: '', trunkSid: '' }) };
    await this.ask(`a change of number ${sid}`, () => this.again(() => this.twilio.incomingPhoneNumbers(sid).update(parameters)));
  }

  private async domain(name: string): Promise<ObservedDomain | undefined> {
    const there = (await this.twilio.sip.domains.list(largest())).find(({ domainName }) => domainName === name);
    if (there === undefined) return undefined;
    const { sid, secure, sipRegistration, friendlyName } = there;
    return { sid, name, secure, sipRegistration, friendlyName, voiceUrl: orNull(there.voiceUrl), voiceFallbackUrl: orNull(there.voiceFallbackUrl), statusCallback: orNull(there.voiceStatusCallbackUrl) };
  }

  private async mapped(domainSid: string | undefined, way: MappingWay): Promise<ReadonlySet<string>> {
    return new Set(domainSid === undefined ? [] : (await this.mappings(domainSid, way).list(largest())).map(({ sid }) => sid));
  }

  private mappings(domainSid: string, way: MappingWay): Mappings {
    const { calls, registrations } = this.twilio.sip.domains(domainSid).auth;
    return way === 'calls' ? calls.credentialListMappings : registrations.credentialListMappings;
  }

  /** Makes it unless it is there, however often this process or one before it was cut off in the middle. @returns its SID */
  private sidOf(prefix: string, { what, make, look, taken }: Making): Promise<string> {
    return this.ask(what, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          const { sid } = await make();
          if (new RegExp(`^${prefix}[0-9a-f]{32}$`).test(sid)) return sid;
          throw new TransientError('twilio_outcome_unknown', `Twilio answered the making of ${what} with something else.`);
        } catch (error) {
          if (!isUnknown(error) && codeOf(error) !== taken) throw error;
          const there = await this.seen(look);
          if (there !== undefined) return there.sid;
          if (!isUnknown(error) || tries === TRIES) throw error;
        }
      }
    });
  }

  private async seen(look: () => Promise<Made | undefined>): Promise<Made | undefined> {
    for (const waitMs of this.looksMs) {
      await pause(waitMs);
      const there = await look();
      if (there !== undefined) return there;
    }
    return undefined;
  }

  /** A change to a value may be made as often as one likes. */
  private async again(change: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await change();
        return;
      } catch (error) {
        if (!isUnknown(error) || tries === TRIES) throw error;
      }
    }
  }

  private async remove(what: string, remove: () => Promise<unknown>): Promise<void> {
    await this.ask(`the end of ${what}`, () => remove().catch(unlessMissing));
  }

  private async ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asOurs(error, what);
    }
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}

const orNull = (url: string): string | null => ((url as string | null) === '' ? null : url);

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
