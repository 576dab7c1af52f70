import { effectiveRoutes, tenantDeclarationSchema, type TenantDeclaration } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../environments/environment.js';
import type { TenantFacts } from '../reconcile/tenant-facts.js';
import type { ToldStep } from '../reconcile/plan-share.js';
import { warningsOf, type AccountReadings, type PlanFacts } from './warnings.js';

const environment: Environment = {
  name: 'prod', domain: 'x.sip.twilio.com', publicUrl: 'https://x.example', naming: { list: '{CODE}', user: '{role}', account: '{environment}-{code}' }, placement: 'dedicated', secure: false, enhancedSip: false, repair: 'on-request',
  dialingPermissions: 'add', primary: true, asFound: false, found: null, revision: 1,
};
const account: AccountReadings = { standing: { read: { type: 'Full', status: 'active' } }, profile: { read: true } };
const bye = { kind: 'hangup', cause: 'normal' } as const;
const declaration = tenantDeclarationSchema.parse({
  tenant: 'plaza', name: 'Plaza', country: 'CL', timeZone: 'America/Santiago', emergency: { acknowledged: true },
  endpoints: [{ extension: '201', role: 'office' }, { extension: '202', role: 'security' }],
  routes: { main: { name: 'Main', start: 'one', nodes: { one: { kind: 'ring', extensions: ['201'], onNoAnswer: 'bye' }, bye } } },
});
const facts = (of: TenantDeclaration = declaration, countries: readonly string[] = ['CL']): PlanFacts['facts'] => ({ tenants: [{ environment: 'prod', tenant: of.tenant, state: 'declared', asFound: false, declaration: of, revision: 1, users: [], numbers: [], subaccount: null } satisfies TenantFacts], countries });
const plan: PlanFacts = { environment, steps: [], facts: facts(), observed: { permissions: new Map([['CL', { lowRisk: true, highRisk: false }]]), counts: { domains: 1, lists: 1 } } };
const rings = (strategy: 'all' | 'in_order'): TenantDeclaration => ({ ...declaration, routes: { main: { ...effectiveRoutes(declaration)['main']!, nodes: { one: { kind: 'ring', extensions: ['201', '202'], strategy, timeoutMs: 20_000, onNoAnswer: 'bye' }, bye } } } });
const newList: ToldStep = { key: 'list:A', tenant: 'a', says: '', after: [], action: { do: 'create-list', list: 'A' } };
const guarded = { sid: 'SD1', name: 'x.sip.twilio.com', friendlyName: 'x', voiceUrl: null, voiceFallbackUrl: null, statusCallback: null, secure: false, sipRegistration: true, byAddress: true };
const unread = { unread: 'refused' };
const opening: ToldStep = { key: 'plaza/account', tenant: 'plaza', says: '', after: [], action: { do: 'open-account', name: 'prod-plaza', domain: 'x-plaza.sip.twilio.com' } };

describe('the warnings of a plan', () => {
  it('are none where nothing limits it', () => {
    expect(warningsOf(plan, account)).toEqual([]);
  });

  it.each<readonly [string, AccountReadings, readonly RegExp[]]>([
    ['a trial account', { ...account, standing: { read: { type: 'Trial', status: 'active' } } }, [/is a trial/]],
    ['a suspended account', { ...account, standing: { read: { type: 'Full', status: 'suspended' } } }, [/is suspended: Twilio refuses every change/]],
    ['an owner who is not approved', { ...account, profile: { read: false } }, [/no customer profile.*2 or 3 calls at once/]],
    ['a trial whose profile can’t be read, in general', { standing: { read: { type: 'Trial', status: 'active' } }, profile: unread }, [/is a trial/, /^Without an approved Business profile/]],
    ['what can’t be read', { standing: unread, profile: unread }, [/could not be read: refused/, /could not be read \(refused\)/]],
  ])('tell of %s', (_, readings, expected) => {
    expect(warningsOf(plan, readings)).toEqual(expected.map((each) => expect.stringMatching(each) as string));
  });

  it.each<readonly [string, Partial<PlanFacts>, readonly RegExp[]]>([
    ['the ninetieth list, which the plan makes', { steps: [newList], observed: { ...plan.observed, counts: { domains: 1, lists: 89 } } }, [/90 of 100 credential lists/]],
    ['domains that run out', { observed: { ...plan.observed, counts: { domains: 95, lists: 89 } } }, [/95 of 100 SIP domains/]],
    ['countries that Twilio doesn’t have', { facts: facts(declaration, ['AQ', 'CL']) }, [/no dialing permission for AQ/]],
    ['countries that nobody wants', { observed: { ...plan.observed, permissions: new Map([['CL', { lowRisk: true, highRisk: false }], ['LV', { lowRisk: true, highRisk: true }], ['CU', { lowRisk: true, highRisk: false }]]) } }, [/call CU, LV too/, /high-risk numbers of LV/]],
    ['permissions that can’t be read', { facts: facts(declaration, []), observed: { ...plan.observed, permissions: unread } }, [/Which countries.*could not be read: refused/]],
    ['addresses that calls have to come from', { environment: { ...environment, allowedAddresses: ['203.0.113.0/24'] }, domains: [{ name: environment.domain }, { name: 'x-plaza.sip.twilio.com' }] }, [/^Calls into .*, x-plaza\.sip\.twilio\.com pass only from 203\.0\.113\.0\/24 and with a SIP user’s password, both/]],
    ['addresses that somebody else lets in as well', { environment: { ...environment, allowedAddresses: ['203.0.113.0/24'] }, domains: [{ name: environment.domain, addresses: { list: undefined, others: ['PBX'] } }] }, [/both/, /Other address lists.*: PBX/]],
    ['addresses that somebody has set by hand', { domains: [{ name: environment.domain, domain: guarded }] }, [/Somebody has mapped an address list/]],
    ['phones that can’t call for help', { facts: facts({ ...declaration, emergency: { ...declaration.emergency, acknowledged: false } }) }, [/phones of plaza can’t call for help/]],
    ['phones that ring one after the other', { facts: facts(rings('all')) }, [/plaza main\/one/]],
  ])('tell of %s', (_, part, expected) => {
    expect(warningsOf({ ...plan, ...part }, account)).toEqual(expected.map((each) => expect.stringMatching(each) as string));
  });

  it.each<readonly [string, AccountReadings, readonly RegExp[]]>([
    ['subaccounts that fill the account up', { ...account, subaccounts: { read: 998 } }, [/has 999 of 1000 subaccounts after this/]],
    ['a second one of a trial account', { ...account, standing: { read: { type: 'Trial', status: 'active' } }, subaccounts: { read: 1 } }, [/is a trial/, /has 2 of 1 subaccounts/]],
    ['subaccounts that can’t be counted', { ...account, subaccounts: unread }, [/How many subaccounts there are could not be read: refused/]],
    ['nothing while there is room', { ...account, subaccounts: { read: 3 } }, []],
  ])('tell of %s', (_, readings, expected) => {
    expect(warningsOf({ ...plan, steps: [opening] }, readings)).toEqual(expected.map((each) => expect.stringMatching(each) as string));
  });

  it('tell of papers that a number of a subaccount needs in it, and not of those of the platform’s', () => {
    const number = { e164: '+56229145248', bundleSid: `BU${'1'.repeat(32)}`, addressSid: null, whenMissing: 'buy', friendlyName: '', voiceUrl: null, voiceFallbackUrl: null, statusCallback: null } as const;
    const buying: ToldStep = { key: 'number:+56229145248', tenant: 'plaza', says: '', after: [], action: { do: 'buy-number', number } };
    const warnings = (shared: readonly ToldStep[]): string[] => warningsOf({ ...plan, steps: [opening, buying], shared }, { ...account, subaccounts: { read: 3 } });
    expect(warnings([])).toEqual([expect.stringMatching(/^Papers are each account’s own/)]);
    expect(warnings([buying])).toEqual([]);
  });

  it.each<readonly [string, Partial<PlanFacts>]>([
    ['phones that ring in order by declaration', { facts: facts(rings('in_order')) }],
    ['phones that the account rings at once', { facts: facts(rings('all')), environment: { ...environment, enhancedSip: true } }],
    ['permissions that the plan waits for', { observed: { ...plan.observed, permissions: unread } }],
    ['countries that the plan turns off', { facts: facts(declaration, []), environment: { ...environment, dialingPermissions: 'exact' } }],
    ['an address list that the plan unmaps', { environment: { ...environment, allowedAddresses: [] }, domains: [{ name: environment.domain, domain: guarded, addresses: { list: undefined, others: [] } }] }],
    ['phones whose tenant has a line that carries emergency calls', { facts: facts({ ...declaration, emergency: { acknowledged: false, line: { host: 'pbx.example', transport: 'tls' } } }) }],
    ['a tenant that is leaving', { facts: { ...facts(), tenants: facts(rings('all')).tenants.map((tenant) => ({ ...tenant, state: 'leaving' as const })) } }],
  ])('don’t tell of %s', (_, part) => {
    expect(warningsOf({ ...plan, ...part }, account)).toEqual([]);
  });

  it('name a few of many', () => {
    const permissions = new Map(Array.from({ length: 30 }, (_, index) => [`A${String.fromCharCode(65 + (index % 26))}${index}`, { lowRisk: true, highRisk: false }]));
    expect(warningsOf({ ...plan, facts: facts(declaration, []), observed: { ...plan.observed, permissions } }, account)).toEqual([expect.stringMatching(/ and 22 more too/) as string]);
  });
});
