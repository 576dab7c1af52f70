import { setTimeout as sleep } from 'node:timers/promises';
import { SipPhone, type HostPort } from '@troncal/sip-phone';
import type { SipAccount } from '@troncal/testing';

/** Extensions of the phones: four that call, and one that is called. */
export const PHONES = ['211', '212', '213', '214', '201'] as const;

/** Registered phones. */
export interface Phones {
  /** Send nothing while they have nothing to say: a hundred clocks in this process would disturb what measures delays. */
  readonly callers: readonly SipPhone[];
  /** Send silence then, as telephones do. */
  readonly talkers: readonly SipPhone[];
  close(): Promise<void>;
}

/** Registers phones; the last one answers whoever calls it. */
export async function openPhones(accounts: readonly Pick<SipAccount, 'sipUser' | 'password'>[], { host, port }: HostPort): Promise<Phones> {
  const open = (silenceWhenIdle: boolean, which: typeof accounts): Promise<SipPhone[]> =>
    Promise.all(which.map(({ sipUser, password }) => SipPhone.open({ bindAddress: '127.0.0.1', user: sipUser, password, registrar: { host, port }, silenceWhenIdle })));
  const [callers, talkers, callees] = await Promise.all([open(false, accounts.slice(0, -1)), open(true, accounts.slice(0, -1)), open(true, accounts.slice(-1))]);
  // Once per account: an account has one place where it's reached.
  for (const phone of [...callers, ...callees]) await registered(phone);
  for (const phone of callees) phone.onIncoming((call) => call.answer());
  return { callers, talkers, close: async () => void (await Promise.all([...callers, ...talkers, ...callees].map((phone) => phone.close()))) };
}

/** An account made a moment ago is known to the edge within some seconds. */
async function registered(phone: SipPhone): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await phone.register();
      return;
    } catch (error) {
      if (tries === 120) throw error;
      await sleep(250);
    }
  }
}
