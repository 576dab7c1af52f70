import type { CheckView, FindingView, Trouble } from '@troncal/contracts';
import { judgeTenant, latest, mentions, when } from './judge-tenant.js';
import type { Alert, LegFailures, TenantHealth } from './tenant-health.js';

interface Known {
  readonly trouble: Trouble;
  readonly cause: string;
  readonly cure: string;
}

const known = (trouble: Trouble, cause: string, cure: string): Known => ({ trouble, cause, cure });
const APPLY = 'troncal tenants apply brings the account back to what is declared.';
const SHEET = 'Give the phone its device sheet again: troncal sheets issue.';
const REACHABLE = 'Make the public URL answer within 15 s over HTTPS with a valid certificate, and the proxy pass host, path and body on unchanged.';
const NAT = 'In the phone: STUN off, symmetric RTP on, keep-alive on. In the router: SIP ALG off, UDP 10000 to 60000 out to Twilio open.';
const DOCUMENT = known('menu-silent', 'Twilio got an answer that is no TwiML it can use.', 'See that Twilio asks our voice URL and not a TwiML Bin or a proxy’s error page; else it is a fault of ours: keep the call’s id.');

/** What Twilio's errors mean here. Source: twilio.com/docs/api/errors, and the troubleshooting tables of the hand-made procedure. */
const ERRORS: Readonly<Record<string, Known>> = {
  '32201': known('not-registered', 'The domain takes no calls from there: an IP access list does not have the address, or no credential list is mapped for calls.', `${APPLY} Take IP access lists off that were mapped by hand.`),
  '32202': known('not-registered', 'A phone gave a name or a password that Twilio does not have. Names have to be exact, the + included.', `${SHEET} If that does not help: troncal credentials rotate.`),
  '32210': known('not-registered', 'Registration is off at the SIP domain.', APPLY),
  '32212': known('not-registered', 'No credential list is mapped to the domain for registrations; the mapping for calls does not count.', APPLY),
  '32007': known('not-registered', 'More than ten phones are registered as one SIP user.', 'Declare an endpoint for each phone.'),
  '32008': known('not-registered', 'A phone registers more than five times in a second.', 'Set its expiry to 600 s and its retry to 30 s or more.'),
  '32009': known('not-registered', 'A phone was dialled that is not registered.', `See that it is on and has network. ${SHEET} Registration expiry 600 s; SIP ALG in the router off.`),
  '32102': known('codec-refused', 'A phone sent a session description that Twilio can’t use.', 'In the phone: PCMU, then PCMA, and nothing else; SRTP only where the domain is secure.'),
  '32207': known('codec-refused', 'The phone and the domain do not agree about SRTP.', `${SHEET} It says whether SRTP is on.`),
  '32208': known('codec-refused', 'The domain demands SRTP and the phone offered none.', `${SHEET} It turns SRTP on where the domain is secure.`),
  '32209': known('not-registered', 'The domain demands TLS and the phone came without.', `${SHEET} It says TLS, port 5061, where the domain is secure.`),
  '32011': known('one-way-audio', 'A phone did not answer what Twilio sent it, or not in a way that can be used: usually NAT.', NAT),
  '32022': known('one-way-audio', 'A phone never acknowledged that its call was answered: usually NAT or a router that rewrites SIP.', NAT),
  '32014': known('one-way-audio', 'No audio came from a phone for a minute: it is sent to an address that does not lead back.', NAT),
  '11200': known('menu-silent', 'Twilio asked our address and got no answer it could use.', REACHABLE),
  '11205': known('menu-silent', 'Twilio could not connect to our address.', REACHABLE),
  '11206': known('menu-silent', 'The answer of our address broke the rules of HTTP.', REACHABLE),
  '11210': known('menu-silent', 'The name of our address is not known in DNS.', 'Put the public URL’s name into DNS, or correct it: troncal env create changes it.'),
  '11220': known('menu-silent', 'The TLS handshake with our address failed.', REACHABLE),
  '11237': known('menu-silent', 'The certificate of our address is not valid.', 'Renew the certificate, with its whole chain.'),
  '11750': known('menu-silent', 'The answer was larger than Twilio takes (64 KB).', 'Shorten the texts of the route.'),
  '12100': DOCUMENT, '12200': DOCUMENT, '12300': DOCUMENT,
  '13224': known('menu-silent', 'The menu dialled a number that is none.', 'Correct the number in the route.'),
  '32002': known('menu-silent', 'The menu dialled a SIP domain that does not exist.', APPLY),
  '32214': known('menu-silent', 'The menu dialled a SIP domain of another account.', 'Put environment and domain into the same account, or the account above it.'),
  '32220': known('menu-silent', 'The menu dialled a phone with an edge in its address.', 'It is not from our TwiML: see that the number points here.'),
  '32221': known('menu-silent', 'The menu dialled a phone with an edge in its address.', 'It is not from our TwiML: see that the number points here.'),
  '32223': known('menu-silent', 'The menu dialled a SIP address without a user.', 'It is not from our TwiML: see that the number points here.'),
  '13250': known('menu-silent', 'The route rings several phones at once, which this account may not.', 'Have Twilio turn Enhanced Programmable SIP on, or declare the environment without --enhanced-sip: phones are then rung one after the other.'),
  '10004': known('other', 'More calls at once than the account may have: two or three without an approved business profile.', 'Have a business profile approved in Twilio’s console.'),
};

const SIP_CODES: Readonly<Record<number, Known>> = {
  488: known('codec-refused', 'The phone and Twilio have no codec in common, or do not agree about SRTP.', 'In the phone: PCMU, then PCMA, on; G.722, G.729, G.726, iLBC and Opus off; SRTP only where the domain is secure.'),
  606: known('codec-refused', 'The phone takes nothing of what was offered.', 'In the phone: PCMU, then PCMA, and nothing else.'),
};

/** Which trouble a check that is wrong would show as. */
const OF_CHECK: Readonly<Record<CheckView['check'], Trouble | undefined>> = {
  'sip-user': 'not-registered', 'calls-mapping': 'not-registered', 'registrations-mapping': 'not-registered', 'sip-domain': 'not-registered', 'last-registration': 'not-registered', device: 'not-registered',
  number: 'menu-silent', 'route-known': 'menu-silent', 'voice-url': 'menu-silent', codecs: 'codec-refused',
  // What they tell stands in the findings of their own errors.
  'errors-of-the-day': undefined, 'last-good-call': undefined, probe: undefined,
};

/** What every look goes by, so that nothing found means something. */
export const LOOKED: readonly { readonly trouble: Trouble; readonly at: string }[] = [
  { trouble: 'not-registered', at: 'SIP users by name, both mappings of their lists, the domain’s registration; phones that were dialled in vain; what GDMS sees of telephones whose address is declared; errors 32007 to 32009, 32201, 32202, 32209, 32210, 32212 of the last day. Twilio lists no registrations.' },
  { trouble: 'codec-refused', at: 'legs of the last day that ended with SIP 488 or 606; errors 32102, 32207, 32208; the codecs of the device sheets.' },
  { trouble: 'menu-silent', at: 'where each number’s calls are answered, whether the voice URL answers, whether its route is in memory; errors 11xxx, 12xxx, 13224, 13250, 32002, 32214 and 32220 to 32223 of the last day.' },
  { trouble: 'one-way-audio', at: 'errors 32011, 32014 and 32022 of the last day. What is heard in a call is told by nobody on this rail.' },
  { trouble: 'other', at: 'all other errors of the last day in Twilio’s debugger.' },
];

/** What is wrong with these tenants, with cause and cure. Pure. @param strays alerts that aren't known to be of one tenant */
export function diagnose(tenants: readonly TenantHealth[], strays: readonly Alert[] = []): FindingView[] {
  const found = tenants.flatMap((health) => {
    // Where Twilio's own error names the phone, that tells more than what is inferred from it.
    const named = health.phones.filter(({ username }) => health.alerts.some(({ code, about }) => (code === '32009' || code === '32202') && mentions(about, username)));
    const checks = judgeTenant(health).filter(({ check, about }) => check !== 'last-registration' || named.every(({ extension, username }) => about !== `${extension} ${username}`));
    return [...checks.flatMap((check) => ofCheck(health.tenant, check)), ...ofAlerts(health.tenant, health.alerts), ...health.failures.flatMap(ofFailure)];
  });
  return [...sharedOnce(found), ...ofAlerts('_', strays)];
}

function ofCheck(tenant: string, { check, about, state, says, remedy, inferredFrom }: CheckView): FindingView[] {
  const trouble = OF_CHECK[check];
  return trouble === undefined || state !== 'wrong' ? [] : [{ trouble, tenant, found: `${check} ${about}`, cause: inferredFrom === undefined ? says : `${says} (${inferredFrom})`, cure: remedy ?? '' }];
}

function ofAlerts(tenant: string, alerts: readonly Alert[]): FindingView[] {
  return [...Map.groupBy(alerts, ({ code }) => code)].map(([code, all]) => {
    const last = latest(all.map(({ at }) => at));
    const { trouble, cause, cure } = ERRORS[code] ?? known('other', all.at(-1)?.text ?? '', `See https://www.twilio.com/docs/api/errors/${encodeURIComponent(code)}`);
    const example = all.find(({ at }) => at === last)?.text ?? '';
    return { trouble, tenant, found: `Twilio’s ${code}, ${times(all.length)}, last ${last === undefined ? '' : when(last)}: ${example.slice(0, 300)}`, cause, cure };
  });
}

function ofFailure({ tenant, target, sipCode, times: count, last }: LegFailures): FindingView[] {
  const meaning = SIP_CODES[sipCode];
  return meaning === undefined ? [] : [{ ...meaning, tenant, found: `SIP ${sipCode} from ${target}, ${times(count)}, last ${when(last)}` }];
}

/** What several tenants have in common (their domain, a pooled list, the voice URL) is said once. */
function sharedOnce(findings: readonly FindingView[]): FindingView[] {
  return [...Map.groupBy(findings, ({ trouble, found, cause }) => JSON.stringify([trouble, found, cause])).values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [more.length === 0 ? first : { ...first, tenant: '_' }]);
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
