import { describe, expect, it } from 'vitest';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';
import type { Settings } from '../index.js';

const lab = useSimulator();
const NUMBER = '+56229145248';
const DOMAIN = 'torres.sip.twilio.com';
const BIN = `https://handler.twilio.com/twiml/EH${'a'.repeat(32)}`;
const PASSWORD = 'Aa1Aa1Aa1Aa1Aa1';
type Deed = NonNullable<Settings['byHand']>[number]['do'];

const byHand = (...deeds: Deed[]): void => lab.simulator.set({ byHand: deeds.map((does) => ({ who: 'ana', from: 'console', ip: '198.51.100.7', do: does })) });
/** An account as the document has people make it. */
const made = (): void =>
  byHand(
    { verb: 'add', domain: DOMAIN, with: { SipRegistration: 'true' } },
    { verb: 'add', list: 'TORRES_Credentials' },
    { verb: 'add', list: 'TORRES_Credentials', username: `${NUMBER}-office`, with: { Password: PASSWORD } },
    { verb: 'add', mapping: 'calls', domain: DOMAIN, list: 'TORRES_Credentials' },
    { verb: 'add', number: NUMBER, with: { VoiceUrl: BIN } },
  );

describe('what somebody does beside us', () => {
  it('is there as if we had made it', async () => {
    made();
    const [domain] = await lab.sdk.sip.domains.list();
    expect(domain).toMatchObject({ domainName: DOMAIN, sipRegistration: true, authType: 'CREDENTIAL_LIST' });
    expect(await lab.sdk.incomingPhoneNumbers.list()).toMatchObject([{ phoneNumber: NUMBER, voiceUrl: BIN }]);
    const [list] = await lab.sdk.sip.credentialLists.list();
    expect(await lab.sdk.sip.credentialLists(list!.sid).credentials.list()).toMatchObject([{ username: `${NUMBER}-office` }]);
  });

  it('is done one after the other, however late others see it', async () => {
    lab.simulator.set({ hiddenMs: 60_000 });
    made();
    expect(await lab.sdk.sip.domains.list()).toEqual([]);
    lab.simulator.set({ hiddenMs: 0 });
    expect(await lab.sdk.sip.domains.list()).toMatchObject([{ authType: 'CREDENTIAL_LIST' }]);
  });

  it('changes and removes what there is', async () => {
    made();
    byHand(
      { verb: 'set', number: NUMBER, with: { VoiceUrl: 'https://elsewhere.example' } },
      { verb: 'set', domain: DOMAIN, with: { VoiceUrl: BIN } },
      { verb: 'remove', list: 'TORRES_Credentials', username: `${NUMBER}-office` },
      { verb: 'remove', mapping: 'calls', domain: DOMAIN, list: 'TORRES_Credentials' },
    );
    expect(await lab.sdk.incomingPhoneNumbers.list()).toMatchObject([{ voiceUrl: 'https://elsewhere.example' }]);
    expect(await lab.sdk.sip.domains.list()).toMatchObject([{ voiceUrl: BIN, authType: '' }]);
    const [list] = await lab.sdk.sip.credentialLists.list();
    expect(await lab.sdk.sip.credentialLists(list!.sid).credentials.list()).toEqual([]);
    byHand({ verb: 'remove', list: 'TORRES_Credentials' }, { verb: 'remove', domain: DOMAIN }, { verb: 'remove', number: NUMBER });
    expect([(await lab.sdk.sip.credentialLists.list()).length, (await lab.sdk.sip.domains.list()).length, (await lab.sdk.incomingPhoneNumbers.list()).length]).toEqual([0, 0, 0]);
  });

  it('is in the audit log with who it was, beside what we did', async () => {
    const { sid } = await lab.sdk.sip.domains.create({ domainName: DOMAIN, voiceUrl: 'https://voice.example' });
    byHand({ verb: 'set', domain: DOMAIN, with: { VoiceUrl: BIN } }, { verb: 'set', domain: DOMAIN, with: { VoiceUrl: BIN } });
    const events = await lab.sdk.monitor.v1.events.list({ resourceSid: sid });
    expect(events).toMatchObject([
      { eventType: 'sip-domain.updated', actorType: 'user', source: 'web', sourceIpAddress: '198.51.100.7', eventData: { voice_url: { previous: 'https://voice.example', updated: BIN } } },
      { eventType: 'sip-domain.created', actorType: 'account', source: 'api', sourceIpAddress: '127.0.0.1', actorSid: lab.simulator.accountSid },
    ]);
    const { actorSid } = events[0]!;
    expect(await lab.sdk.monitor.v1.events.list({ actorSid })).toMatchObject([{ sid: events[0]!.sid }]);
    expect(await lab.sdk.monitor.v1.events(events[1]!.sid).fetch()).toMatchObject({ resourceSid: sid });
  });

  it('is told as a change of the list or domain when it is of a user or mapping, and never with a password', async () => {
    made();
    byHand({ verb: 'set', list: 'TORRES_Credentials', username: `${NUMBER}-office`, with: { Password: `${PASSWORD}2` } }, { verb: 'remove', list: 'TORRES_Credentials', username: `${NUMBER}-office` });
    const [list] = await lab.sdk.sip.credentialLists.list();
    const events = await lab.sdk.monitor.v1.events.list({ resourceSid: list!.sid });
    expect(events.map(({ eventType }) => eventType)).toEqual(['sip-credential-list.updated', 'sip-credential-list.updated', 'sip-credential-list.updated', 'sip-credential-list.created']);
    expect(JSON.stringify(events.map(({ eventData }) => eventData as unknown))).not.toContain(PASSWORD);
    expect(events[0]!.eventData).toMatchObject({ CR: { previous: { username: `${NUMBER}-office` }, updated: null } });
    const [domain] = await lab.sdk.sip.domains.list();
    expect((await lab.sdk.monitor.v1.events.list({ resourceSid: domain!.sid })).map(({ eventType }) => eventType)).toEqual(['sip-domain.updated', 'sip-domain.created']);
  });

  it('is told since when, and by pages', async () => {
    made();
    expect((await lab.sdk.monitor.v1.events.list({ pageSize: 2 })).length).toBe(5);
    expect((await lab.sdk.monitor.v1.events.list({ startDate: new Date(Date.now() + 3_600_000) })).length).toBe(0);
    expect((await lab.sdk.monitor.v1.events.list({ eventType: 'phone-number.created', endDate: new Date(Date.now() + 3_600_000) })).length).toBe(1);
  });

  it('is refused by the same rules, and by what isn’t there', () => {
    expect(() => byHand({ verb: 'add', list: 'L', username: 'a', with: { Password: PASSWORD } })).toThrow('nothing whose friendly_name is L');
    expect(() => byHand({ verb: 'add', list: 'L' }, { verb: 'add', list: 'L', username: 'a', with: { Password: 'short' } })).toThrow('21243');
    expect(() => byHand({ verb: 'add', number: '1' })).toThrow('byHand');
  });

  isAsPublished(lab, 10);
});
