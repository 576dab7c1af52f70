import { TROUBLES, type Trouble } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { healthOf, NOW, OFFICE_USER, TENANT } from '../../test/support/tenant-health-of.js';
import { diagnose, LOOKED } from './diagnose.js';
import type { Alert, TenantHealth } from './tenant-health.js';

const alert = (code: string, text = `of ${OFFICE_USER}`): Alert => ({ code, level: 'error', at: NOW, text, about: text, tenant: TENANT });
const { observed } = healthOf();

describe('what is wrong with telephones', () => {
  it('is nothing where nothing is, and what was looked at stands for each trouble', () => {
    expect(diagnose([healthOf()])).toEqual([]);
    expect(LOOKED.map(({ trouble }) => trouble)).toEqual(TROUBLES);
  });

  it.each<[string, Partial<TenantHealth>, Trouble, RegExp, RegExp]>([
    ['a mapping that is gone', { observed: { ...observed, lists: observed.lists.map((list) => ({ ...list, registers: false })) } }, 'not-registered', /32212/, /tenants apply/],
    ['a password that is refused', { alerts: [alert('32202')] }, 'not-registered', /name or a password/, /sheet/],
    ['a phone that is not registered', { alerts: [alert('32009')] }, 'not-registered', /not registered/, /600 s/],
    ['a leg that ended with 488', { failures: [{ tenant: TENANT, target: '201', sipCode: 488, times: 3, last: NOW }] }, 'codec-refused', /no codec in common/, /PCMU, then PCMA/],
    ['a description that Twilio can’t use', { alerts: [alert('32102')] }, 'codec-refused', /session description/, /PCMU/],
    ['a number that points elsewhere', { observed: { ...observed, numbers: observed.numbers.map((number) => ({ ...number, voiceUrl: 'https://handler.example/' })) } }, 'menu-silent', /handler\.example/, /tenants apply/],
    ['an address that does not answer', { alerts: [alert('11200')] }, 'menu-silent', /no answer/, /public URL/],
    ['a document that is no TwiML', { alerts: [alert('12100')] }, 'menu-silent', /no TwiML/, /TwiML Bin/],
    ['several phones at once without leave', { alerts: [alert('13250')] }, 'menu-silent', /several phones/, /Enhanced/],
    ['no audio for a minute', { alerts: [alert('32014')] }, 'one-way-audio', /No audio/, /STUN off/],
    ['an answer that was never acknowledged', { alerts: [alert('32022')] }, 'one-way-audio', /NAT/, /SIP ALG off/],
    ['an error that is not known here', { alerts: [alert('99999', 'Something new')] }, 'other', /Something new/, /errors\/99999/],
  ])('is told with cause and cure: %s', (_, change, trouble, cause, cure) => {
    const found = diagnose([healthOf(change)]);
    expect(found).toEqual([{ trouble, tenant: TENANT, found: expect.any(String) as string, cause: expect.stringMatching(cause) as string, cure: expect.stringMatching(cure) as string }]);
  });

  it('is counted, with when it was last seen', () => {
    const [found] = diagnose([healthOf({ alerts: [alert('11205'), { ...alert('11205'), at: new Date(NOW.getTime() - 60_000) }] })]);
    expect(found?.found).toBe('Twilio’s 11205, 2 times, last 2026-11-30 15:00 UTC: of +56229145248-office');
  });

  it('is said once where several tenants share it, and of nobody where nobody is known', () => {
    const gone = { observed: { ...observed, domain: undefined } };
    const found = diagnose([healthOf(gone), healthOf({ ...gone, tenant: 'other', numbers: [] })], [alert('32210')]);
    expect(found.map(({ tenant, found: what }) => [tenant, what.split(',')[0]])).toEqual([['_', 'sip-domain communities.sip.twilio.com'], ['_', 'Twilio’s 32210']]);
  });

  it('is not told of people who are busy or do not answer', () => {
    expect(diagnose([healthOf({ failures: [486, 487, 408, 603].map((sipCode) => ({ tenant: TENANT, target: '201', sipCode, times: 1, last: NOW })) })])).toEqual([]);
  });
});
