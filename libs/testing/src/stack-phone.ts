import { SipPhone } from '@troncal/sip-phone';
import type { StackState } from '@troncal/contracts';
import { eventually } from './eventually.js';
import type { SipAccount } from './tenant-fixture.js';

/** A phone at the running Troncal, registered; an account made a moment ago is known to the edge within 5 s. */
export async function openStackPhone(state: StackState, account: SipAccount): Promise<SipPhone> {
  if (!state.sip) throw new Error('the stack runs without Asterisk: start it with');
  // A phone on loopback reaches nothing but loopback: containers publish their ports on the machine's other addresses.
  const bindAddress = state.sip.host.startsWith('127.') ? '127.0.0.1' : '0.0.0.0';
  const phone = await SipPhone.open({ bindAddress, user: account.sipUser, password: account.password, registrar: { host: state.sip.host, port: state.sip.port } });
  try {
    await eventually(`${account.sipUser} registers`, async () => (await phone.register()).expiresS > 0, 10_000);
  } catch (error) {
    await phone.close();
    throw error;
  }
  return phone;
}
