import { setTimeout as sleep } from 'node:timers/promises';
import { SipPhone, type HostPort } from '@troncal/sip-phone';
import type { SipAccount } from '@troncal/testing';

/** Extensions of the phones: four that call, and one that is called. */
export const PHONES = ['211', '212', '213', '214', '201'] as const;

/** Registered phones. */
export interface Phones {
  readonly callers: readonly SipPhone[];
  close(): Promise<void>;
}

/** Registers phones; the last one answers whoever calls it. */
export async function openPhones(accounts: readonly Pick<SipAccount, 'sipUser' | 'password'>[], { host, port }: HostPort): Promise<Phones> {
  const registrar = { host, port };
  // No silence while nothing is played: what is measured is the set-up, and a hundred clocks in this process would only disturb it.
  const phones = await Promise.all(accounts.map(({ sipUser, password }) => SipPhone.open({ bindAddress: '127.0.0.1', user: sipUser, password, registrar, silenceWhenIdle: false })));
  for (const phone of phones) await registered(phone);
  phones.at(-1)?.onIncoming(async (call) => {
    await call.answer();
  });
  return { callers: phones.slice(0, -1), close: async () => void (await Promise.all(phones.map((phone) => phone.close()))) };
}

/** An account made a moment ago is known to the edge within some seconds. */
async function registered(phone: SipPhone): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await phone.register();
      return;
    } catch (error) {
      if (tries === 40) throw error;
      await sleep(250);
    }
  }
}
