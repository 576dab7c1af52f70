import { SipPhone, type SipPhoneOptions } from '@troncal/sip-phone';
import { openVoiceBench, type VoiceBench } from './voice-bench.js';

export const DOMAIN = 'troncal-plaza.sip.twilio.com';
export const PASSWORD = 'Aa1Aa1Aa1Aa1Aa1';
const TIMERS = { t1: 100, t2: 400 };

/** A simulator with a SIP domain that phones register at and call through. */
export interface SipBench extends VoiceBench {
  readonly domainSid: string;
  readonly listSid: string;
  /** A phone with these credentials; closed with the bench. */
  phone(user: string, options?: Partial<SipPhoneOptions>): Promise<SipPhone>;
  /** One that is registered. */
  registered(user: string, options?: Partial<SipPhoneOptions>): Promise<SipPhone>;
  /** A telephone in the network: it calls `sip:+56…@` the trunk, without any credentials. */
  networkPhone(number: string): Promise<SipPhone>;
  /** Where a number is called from the network. */
  atTrunk(number: string): string;
}

/** @param users of the one credential list */
export async function openSipBench(users: readonly string[], voice: Parameters<typeof openVoiceBench>[0] = {}): Promise<SipBench> {
  const bench = await openVoiceBench(voice);
  const { sdk, simulator, server } = bench;
  const { sid: listSid } = await sdk.sip.credentialLists.create({ friendlyName: 'PLAZA_Credentials' });
  for (const username of users) await sdk.sip.credentialLists(listSid).credentials.create({ username, password: PASSWORD });
  const { sid: domainSid } = await sdk.sip.domains.create({
    domainName: DOMAIN,
    sipRegistration: true,
    voiceUrl: `${server.url}/phone`,
    voiceStatusCallbackUrl: `${server.url}/phone-status`,
  });
  const { calls, registrations } = sdk.sip.domains(domainSid).auth;
  for (const kind of [calls, registrations]) await kind.credentialListMappings.create({ credentialListSid: listSid });
  const phones: SipPhone[] = [];
  const [host = '', port] = simulator.sip.address.split(':');
  const open = async (options: SipPhoneOptions): Promise<SipPhone> => {
    const made = await SipPhone.open(options);
    phones.push(made);
    return made;
  };
  const phone: SipBench['phone'] = (user, options = {}) => open({
    bindAddress: '127.0.0.1',
    user,
    password: PASSWORD,
    domain: DOMAIN,
    registrar: { host, port: Number(port) },
    timers: TIMERS,
    ...options,
  });
  return {
    ...bench,
    domainSid,
    listSid,
    phone,
    registered: async (user, options) => {
      const made = await phone(user, options);
      await made.register({ expiresS: 600 });
      return made;
    },
    networkPhone: (number) => open({ bindAddress: '127.0.0.1', user: number, timers: TIMERS }),
    atTrunk: (number) => `sip:${number}@${simulator.sip.trunkAddress}`,
    close: async () => {
      await Promise.all(phones.map((each) => each.close()));
      await bench.close();
    },
  };
}
