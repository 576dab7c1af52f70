import { afterEach, describe, expect, it } from 'vitest';
import { SipPhone } from './sip-phone.js';

const open: SipPhone[] = [];
async function phone(): Promise<SipPhone> {
  const made = await SipPhone.open({ bindAddress: '127.0.0.1', user: `p${open.length}`, timers: { t1: 100, t2: 400 } });
  open.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe('a transfer by REFER', () => {
  it('is taken up, refused, or not known of, as the other side decides', async () => {
    const [a, b] = [await phone(), await phone()];
    const outgoing = await a.call(b.address);
    const incoming = await b.nextCall();
    await incoming.answer();
    await outgoing.answered();
    expect(await outgoing.refer('sip:300@pbx')).toBe(405);
    const asked: string[] = [];
    incoming.onRefer((target) => asked.push(target) === 1);
    expect(await outgoing.refer('sip:300@pbx;transport=udp')).toBe(200);
    expect(await outgoing.refer('sip:301@pbx')).toBe(603);
    expect(asked).toEqual(['sip:300@pbx;transport=udp', 'sip:301@pbx']);
  });
});
