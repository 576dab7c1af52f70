import type { CheckView } from '@troncal/contracts';
import { sayFound, type DeviceSight } from '../devices/plan-devices.js';
import type { MappingWay } from '../twilio/account/desired-account.js';
import type { Alert, NumberHealth, PhoneHealth, TenantHealth } from './tenant-health.js';

/** Whoever rang or called so recently is registered, whatever else is told. */
const JUST_SEEN_MS = 3_600_000;
/** Older signs of life prove nothing of today. */
const FRESH_MS = 7 * 86_400_000;
/** What Twilio's SIP interface takes of what phones offer. */
const CODECS = ['PCMU', 'PCMA'];
const APPLY = 'troncal tenants apply brings it back; troncal tenants plan shows how.';

type Verdict = Omit<CheckView, 'check' | 'about'>;

/** Whether a tenant's telephones work, thing by thing. Pure: the same facts give the same answer. */
export function judgeTenant(health: TenantHealth): CheckView[] {
  const lists = [...new Set(health.phones.map(({ list }) => list))];
  return [
    ...health.phones.map((phone) => check('sip-user', `${phone.extension} ${phone.username}`, sipUser(health, phone))),
    ...lists.map((list) => check('calls-mapping', list, mapping(health, list, 'calls'))),
    ...lists.map((list) => check('registrations-mapping', list, mapping(health, list, 'registrations'))),
    check('sip-domain', health.desired.domain.name, domain(health)),
    ...health.numbers.map((number) => check('number', number.number, ownedNumber(health, number))),
    ...health.numbers.filter(({ waiting }) => waiting === undefined).map((number) => check('route-known', number.number, routeKnown(health, number))),
    ...health.voiceUrls.map(({ url, outcome, says }) =>
      check('voice-url', url, {
        state: ({ answered: 'ok', failed: 'wrong', 'not-asked': 'unknown' } as const)[outcome],
        says,
        ...(outcome === 'failed' ? { remedy: 'Make the public URL lead here (DNS, TLS, proxy), unchanged in host and path; compare it with troncal env list.' } : {}),
      })),
    check('codecs', health.codecs.join(', '), codecs(health)),
    ...health.phones.map((phone) => check('last-registration', `${phone.extension} ${phone.username}`, registration(health, phone))),
    ...health.phones.flatMap((phone) => (phone.device === undefined ? [] : [check('device', `${phone.extension} ${phone.device.device.mac}`, deviceOf(health, phone, phone.device))])),
    check('last-good-call', health.tenant, goodCall(health)),
    check('errors-of-the-day', health.tenant, errors(health)),
    ...health.probes.map(({ username, outcome, says }) =>
      check('probe', username, {
        state: ({ rang: 'ok', unreachable: 'wrong', silent: 'unknown' } as const)[outcome],
        says,
        ...(outcome === 'unreachable' ? { remedy: 'See that the phone is on and registered at the domain: troncal doctor tells what keeps it from it.' } : {}),
      })),
  ];
}

const check = (name: CheckView['check'], about: string, verdict: Verdict): CheckView => ({ check: name, about, ...verdict });
const ok = (says: string, more: Partial<Verdict> = {}): Verdict => ({ state: 'ok', says, ...more });
const wrong = (says: string, remedy: string, more: Partial<Verdict> = {}): Verdict => ({ state: 'wrong', says, remedy, ...more });
const unknown = (says: string, more: Partial<Verdict> = {}): Verdict => ({ state: 'unknown', says, ...more });

function sipUser({ observed }: TenantHealth, { username, list, password }: PhoneHealth): Verdict {
  const there = observed.lists.find(({ name }) => name === list);
  if (there === undefined) return wrong(`The credential list ${list} is not at Twilio, and so this user is not either.`, APPLY);
  if (there.users.every((user) => user.username !== username)) return wrong(`${list} has no user of this name: the phone can neither register nor call.`, APPLY);
  switch (password) {
    case 'ours':
      return ok('At Twilio, by exactly this name. Twilio tells no password: that it is ours is known from what was sent.');
    case 'found':
      return ok('At Twilio, by exactly this name, with the password that it was found with: its phone alone knows it.');
    case 'not-sent':
      return unknown('At Twilio by this name, but it is not certain that our password was set.', { remedy: APPLY });
  }
}

function mapping({ observed, desired }: TenantHealth, list: string, way: MappingWay): Verdict {
  const there = observed.lists.find(({ name }) => name === list);
  const [does, error] = way === 'calls' ? ['call through', '32201 or 403'] : ['register at', '32212'];
  if (there !== undefined && (way === 'calls' ? there.calls : there.registers)) return ok(`Its users may ${does} the domain.`);
  return wrong(`It is not mapped to ${desired.domain.name} for ${way}: its users can’t ${does} the domain (Twilio’s ${error}).`, APPLY);
}

function domain({ observed, desired }: TenantHealth): Verdict {
  const there = observed.domain;
  if (there === undefined) return wrong('There is no such SIP domain in this account: no phone can register.', APPLY);
  if (!there.sipRegistration) return wrong('Registration is off: every REGISTER is refused (Twilio’s 32210).', APPLY);
  if (there.voiceUrl === null) return wrong('It has no voice URL: every call from a phone fails.', APPLY);
  if (there.voiceUrl !== desired.domain.voiceUrl) return wrong(`Calls from phones are answered at ${there.voiceUrl}, not at ${desired.domain.voiceUrl ?? 'ours'}.`, APPLY);
  if (there.secure !== desired.domain.secure) return wrong(there.secure ? 'It demands TLS and SRTP, which its phones were not set up for.' : 'It takes calls without TLS, though the environment is declared secure.', APPLY);
  return ok(`Registration is on; calls from phones are answered at ${there.voiceUrl}.`);
}

function ownedNumber({ observed, desired, asFound }: TenantHealth, { number, waiting }: NumberHealth): Verdict {
  if (waiting !== undefined) return unknown(`It is waited for: ${waiting.why}`, { remedy: waiting.who });
  const there = observed.numbers.find(({ e164 }) => e164 === number);
  if (there === undefined) return wrong('It is not in this account.', APPLY);
  if (there.answeredBy !== 'url') return wrong(`${there.answeredBy === 'trunk' ? 'A SIP trunk' : 'A TwiML application'} answers its calls: that wins over its URL.`, APPLY);
  if (there.voiceUrl === null) return wrong('It has no voice URL: its calls are dropped, and Twilio’s debugger says nothing of it.', APPLY);
  const wanted = desired.numbers.find(({ e164 }) => e164 === number)?.voiceUrl;
  if (there.voiceUrl !== wanted) return wrong(`Its calls are answered at ${there.voiceUrl}, not at ${wanted ?? 'ours'}.`, APPLY);
  if (asFound) return unknown(`Its calls are answered at ${there.voiceUrl}, as it was found.`, { remedy: 'Cut the tenant over to have them answered here.' });
  return ok(`In this account; its calls are answered at ${there.voiceUrl}.`);
}

function routeKnown({ tenant, suspended }: TenantHealth, { answeredFor }: NumberHealth): Verdict {
  if (suspended) return wrong('The tenant is suspended: its callers are refused.', 'Reinstate it when it may be called again.');
  if (answeredFor === tenant) return ok('Whoever answers calls has its route in memory.');
  return wrong(answeredFor === undefined ? 'Whoever answers calls does not know it: its callers are refused.' : `Whoever answers calls has it as ${answeredFor}’s.`, 'See that the tenant is declared with a route; the log of provisioning tells why its directory is behind.');
}

function codecs({ codecs: given }: TenantHealth): Verdict {
  const others = given.filter((codec) => !CODECS.includes(codec));
  const missing = CODECS.filter((codec) => !given.includes(codec));
  const inferredFrom = 'The device sheets: what a phone was really given is told by nobody.';
  if (others.length + missing.length === 0) return ok('Device sheets have PCMU and PCMA and nothing else, as Twilio takes them.', { inferredFrom });
  return wrong(`Device sheets ${missing.length > 0 ? `lack ${missing.join(', ')}` : `have ${others.join(', ')}`}.`, 'Give phones PCMU, then PCMA, and nothing else.', { inferredFrom });
}

function registration({ now, alerts, failures }: TenantHealth, { extension, username, seenAt, unreachableAt }: PhoneHealth): Verdict {
  const about = alerts.filter((alert) => mentions(alert.about, username));
  const dialled = failures.filter(({ target, sipCode }) => (target === extension || target === username) && (sipCode === 480 || sipCode === 404)).map(({ last }) => last);
  const failed = latest([unreachableAt, ...dialled, ...about.filter(({ code }) => code === '32009').map(({ at }) => at)]);
  const refused = latest(about.filter(({ code }) => code === '32202').map(({ at }) => at));
  const inferredFrom = 'Twilio lists no registrations. Inferred from its last call, the last time it rang, dialling it in vain, and Twilio’s errors 32009 and 32202.';
  const seen = seenAt === undefined ? 'It was never seen to ring or to call' : `It last rang or called ${when(seenAt)}`;
  if (refused !== undefined && refused > (seenAt ?? NEVER)) return wrong(`${seen}; its password was refused ${when(refused)} (32202).`, `Give the phone its sheet again, or a new password: troncal credentials rotate.`, { inferredFrom });
  if (failed !== undefined && failed > (seenAt ?? NEVER)) return wrong(`${seen}; it was dialled in vain ${when(failed)}: not registered.`, 'See that the phone is on, has its sheet, and is registered with an expiry of 600 s.', { inferredFrom });
  if (seenAt === undefined) return unknown(`${seen}, nor dialled in vain.`, { inferredFrom, remedy: 'Call it, or ask with --probe.' });
  if (now.getTime() - seenAt.getTime() > FRESH_MS) return unknown(`${seen}: too long ago to tell anything of today.`, { inferredFrom, remedy: 'Call it, or ask with --probe.' });
  return ok(`${seen}.`, { inferredFrom });
}

/** What GDMS sees of a phone. It is behind the phone, and may be cut off from one that telephones well: what was just seen to work is not called wrong for it. */
function deviceOf({ now, desired }: TenantHealth, { username, seenAt }: PhoneHealth, sight: DeviceSight): Verdict {
  const { found, accounts } = sight;
  const inferredFrom = 'What the telephone last told GDMS (device/list, and device/account/status while it is online); Twilio tells nothing of it.';
  const says = sayFound(sight);
  const amiss = (remedy: string): Verdict => {
    const worksAllTheSame = seenAt !== undefined && now.getTime() - seenAt.getTime() < JUST_SEEN_MS;
    return worksAllTheSame ? unknown(`${says} Yet it rang or called ${when(seenAt)}.`, { inferredFrom, remedy }) : wrong(says, remedy, { inferredFrom });
  };
  if (found === 'absent') return amiss('troncal devices add puts it there.');
  if ('notAsked' in found) return unknown(says, { inferredFrom });
  if (found.standing === 'offline') return amiss('See that it has power and network, and that the network lets it out to GDMS.');
  if ('notKnown' in accounts) return unknown(says, { inferredFrom });
  const own = accounts.find((account) => account.username === username);
  if (own === undefined) return amiss(`Bind the account ${username} at ${desired.domain.name} to it in GDMS’s console: its API can’t (troncal devices list tells all steps).`);
  if (own.registration === 'unregistered') return amiss('See that the account in GDMS has the password and the server of its sheet: troncal sheets issue.');
  return own.registration === 'registered' && found.standing === 'online' ? ok(says, { inferredFrom }) : unknown(says, { inferredFrom });
}

function goodCall({ now, lastGoodCall }: TenantHealth): Verdict {
  const inferredFrom = 'Calls on Twilio’s rail that a phone, a route or the far end has answered, as webhooks told of them.';
  if (lastGoodCall === undefined) return unknown('No answered call is known.', { inferredFrom, remedy: 'Call one of its numbers.' });
  if (now.getTime() - lastGoodCall.getTime() > FRESH_MS) return unknown(`The last one was answered ${when(lastGoodCall)}.`, { inferredFrom, remedy: 'Call one of its numbers.' });
  return ok(`The last one was answered ${when(lastGoodCall)}.`, { inferredFrom });
}

function errors({ alerts }: TenantHealth): Verdict {
  const inferredFrom = 'The alerts of Twilio’s debugger of the last day that are about its calls, phones or numbers.';
  if (alerts.length === 0) return ok('Twilio reported none in the last day.', { inferredFrom });
  const says = `Twilio reported ${countByCode(alerts)} in the last day.`;
  return alerts.some(({ level }) => level === 'error') ? wrong(says, 'troncal doctor tells cause and cure.', { inferredFrom }) : ok(`${says} Warnings alone; troncal doctor tells what they mean.`, { inferredFrom });
}

const NEVER = new Date(0);
/** `2026-11-30 14:02 UTC` */
export const when = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
export const latest = (times: readonly (Date | undefined)[]): Date | undefined => times.reduce((last, at) => (at !== undefined && at > (last ?? NEVER) ? at : last), undefined);
/** `3 × 11200, 1 × 32009` */
const countByCode = (alerts: readonly Alert[]): string => [...Map.groupBy(alerts, ({ code }) => code)].map(([code, all]) => `${all.length} × ${code}`).join(', ');

/** Whether a text names a SIP user or a number: as a whole, so that +56229145248 isn't found within +562291452481 or +56229145248-office. */
export function mentions(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\w+-])${escaped}(?![\w-])`).test(text);
}
