import type { TenantDeclaration } from '@troncal/contracts';
import { emergencyRail } from '../outbound/emergency-rail.js';
import type { ObservedAccount } from '../twilio/account/observed-account.js';
import type { EnvironmentPlan } from '../reconcile/plan-environment.js';
import { permissionFor } from '../twilio/account/plan-account.js';
import type { AccountStanding } from '../twilio/account/twilio-account.js';

/** What was read, or why it could not be. */
export type Reading<T> = { readonly read: T } | { readonly unread: string };

/** What is known of an account besides what it holds. */
export interface AccountReadings {
  readonly standing: Reading<AccountStanding>;
  /** Whether Twilio has approved who its owner is. */
  readonly profile: Reading<boolean>;
  /** How many subaccounts it has, when a plan opens some. */
  readonly subaccounts?: Reading<number> | undefined;
}

/** A SIP domain of the environment, with from where calls may come into it. */
export interface ObservedSipDomain extends Pick<ObservedAccount, 'addresses'>, Partial<Pick<ObservedAccount, 'domain'>> {
  readonly name: string;
}

/** What the warnings are about. */
export type PlanFacts = Pick<EnvironmentPlan, 'environment' | 'steps'> & {
  readonly facts: Pick<EnvironmentPlan['facts'], 'tenants' | 'countries'>;
  /** The platform's account. */
  readonly observed: Pick<ObservedAccount, 'permissions' | 'counts'>;
  /** The SIP domains, each with what its account holds; none when absent. */
  readonly domains?: readonly ObservedSipDomain[];
  /** What is done in it; all when absent. */
  readonly shared?: EnvironmentPlan['steps'];
};

/** SIP domains, and credential lists, that an account may have. */
const MOST = 100;
/** What is left from here on is told of. */
const NEAR = 90;
/** Subaccounts by default, and what is told of. */
const MOST_SUBACCOUNTS = 1_000;
const NEAR_SUBACCOUNTS = 950;
/** Things that a line names. */
const NAMED = 8;

/** What the limits of an account mean for a plan, in sentences with a remedy. Pure. */
export function warningsOf(plan: PlanFacts, { standing, profile, subaccounts }: AccountReadings): string[] {
  return [...ofStanding(standing), ...ofProfile(profile, standing), ...ofLimits(plan), ...ofSubaccounts(plan, standing, subaccounts), ...ofPermissions(plan), ...ofAddresses(plan), ...ofEmergency(plan), ...ofRinging(plan)];
}

function ofStanding(standing: AccountReadings['standing']): string[] {
  if ('unread' in standing) return [`Whether the account is a trial or suspended could not be read: ${standing.unread}`];
  const { type, status } = standing.read;
  return [
    ...(status === 'active' ? [] : [`The account is ${status}: Twilio refuses every change, and calls fail. See Twilio’s Console.`]),
    ...(type === 'Trial' ? ['The account is a trial: it has one number, calls verified numbers only, and Twilio speaks before each call. Upgrade it before anybody relies on it.'] : []),
  ];
}

function ofProfile(profile: AccountReadings['profile'], standing: AccountReadings['standing']): string[] {
  const limit = 'without an approved Business profile an account may take only 2 or 3 calls at once (10004). Have one approved in Twilio’s Trust Hub.';
  if ('unread' in profile) return 'read' in standing && standing.read.type === 'Trial' ? [capital(limit)] : [`Whether its owner’s profile is approved could not be read (${profile.unread}): ${limit}`];
  return profile.read ? [] : [`Twilio has approved no customer profile of the account: ${limit}`];
}

function ofLimits({ steps: all, shared: steps = all, observed: { counts } }: PlanFacts): string[] {
  const made = (what: string): number => steps.filter(({ action }) => action.do === what).length;
  const [lists, domains] = [counts.lists + made('create-list') - made('remove-list'), counts.domains + made('create-domain')];
  return [
    ...(lists < NEAR ? [] : [`The account has ${lists} of ${MOST} credential lists after this: tenants that come share pools, and Twilio refuses a list beyond those.`]),
    ...(domains < NEAR ? [] : [`The account has ${domains} of ${MOST} SIP domains after this, and Twilio refuses one beyond those: use one environment for many tenants.`]),
  ];
}

function ofSubaccounts({ steps, shared = steps }: PlanFacts, standing: AccountReadings['standing'], there: AccountReadings['subaccounts']): string[] {
  const opened = steps.filter(({ action }) => action.do === 'open-account').length;
  if (opened === 0 || there === undefined) return [];
  const platform = new Set(shared);
  const bought = steps.some((step) => !platform.has(step) && step.action.do === 'buy-number' && (step.action.number.bundleSid !== null || step.action.number.addressSid !== null));
  const papers = bought ? ['Papers are each account’s own: a bundle or an address that a number of a subaccount names has to be in that subaccount, so such a number waits until it is filed there.'] : [];
  if ('unread' in there) return [`How many subaccounts there are could not be read: ${there.unread}`, ...papers];
  const most = 'read' in standing && standing.read.type === 'Trial' ? 1 : MOST_SUBACCOUNTS;
  const after = there.read + opened;
  return [...(after < Math.min(most, NEAR_SUBACCOUNTS) || after === 1 ? [] : [`The account has ${after} of ${most} subaccounts after this, and Twilio refuses one beyond those until its support allows more.`]), ...papers];
}

function ofPermissions({ environment, facts: { countries }, observed: { permissions } }: PlanFacts): string[] {
  // Where countries are wanted the plan waits for them.
  if ('unread' in permissions) return countries.length === 0 ? [`Which countries the account may call could not be read: ${permissions.unread}`] : [];
  const wanted = new Set(countries.map((country) => permissionFor(country, permissions)));
  const on = (isMeant: (country: string) => boolean, which: 'lowRisk' | 'highRisk'): string[] => [...permissions].filter(([country, permission]) => permission[which] && isMeant(country)).map(([country]) => country).toSorted();
  const unlisted = [...wanted].filter((country) => !permissions.has(country)).toSorted();
  const unwanted = on((country) => !wanted.has(country), 'lowRisk');
  const highRisk = on(() => true, 'highRisk');
  return [
    ...(unlisted.length === 0 ? [] : [`Twilio has no dialing permission for ${few(unlisted)}: whether calls there go through is Twilio’s business alone.`]),
    ...(environment.dialingPermissions === 'exact' || unwanted.length === 0 ? [] : [`The account may call ${few(unwanted)} too, which no tenant declares. Somebody else may need that; dialingPermissions: exact turns it off.`]),
    ...(environment.dialingPermissions === 'exact' || highRisk.length === 0 ? [] : [`The account may call high-risk numbers of ${few(highRisk)}: premium ones, or such as have been used for fraud. No tenant of ours may; dialingPermissions: exact turns it off.`]),
  ];
}

/** Twilio's rule: where address lists and credential lists are both mapped for calls, an INVITE has to pass both. Registering asks for the password alone. */
function ofAddresses({ environment: { allowedAddresses = [] }, domains = [] }: PlanFacts): string[] {
  const names = (some: readonly ObservedSipDomain[]): string => few(some.map(({ name }) => name));
  if (allowedAddresses.length > 0) {
    return [
      ...(domains.length === 0 ? [] : [`Calls into ${names(domains)} pass only from ${few(allowedAddresses)} and with a SIP user’s password, both: a phone elsewhere registers and is rung, but its own calls are refused (403, 32201).`]),
      ...domains.flatMap(({ name, addresses }) => (addresses === undefined || addresses.others.length === 0 ? [] : [`Other address lists are mapped to ${name}: ${few(addresses.others)}. Calls pass from their addresses too; unmap them in Twilio’s Console if nobody needs them.`])),
    ];
  }
  const byHand = domains.filter((each) => each.domain?.byAddress === true && !isOursAlone(each));
  return byHand.length === 0 ? [] : [`Somebody has mapped an address list to ${names(byHand)}: phones elsewhere register and are rung, but their own calls are refused (403, 32201). Declare allowedAddresses, or unmap it in Twilio’s Console.`];
}

/** What is mapped is ours, and unmapped by this plan. */
const isOursAlone = ({ addresses }: ObservedSipDomain): boolean => addresses !== undefined && addresses.others.length === 0;

function ofEmergency({ facts }: PlanFacts): string[] {
  const unaware = declared(facts).filter(({ country, emergency, endpoints }) => endpoints.length > 0 && !emergency.acknowledged && emergencyRail(country, emergency) === 'none');
  return unaware.length === 0 ? [] : [`The phones of ${few(unaware.map(({ tenant }) => tenant))} can’t call for help, and nobody has acknowledged that: tell them, then write emergency: { acknowledged: true }, or name a line that carries such calls.`];
}

function ofRinging({ environment, facts }: PlanFacts): string[] {
  if (environment.enhancedSip) return [];
  const places = declared(facts).flatMap(({ tenant, routes }) =>
    Object.entries(routes).flatMap(([code, { nodes }]) => Object.entries(nodes).flatMap(([name, node]) => (node.kind === 'ring' && node.strategy === 'all' && node.extensions.length > 1 ? [`${tenant} ${code}/${name}`] : []))),
  );
  return places.length === 0 ? [] : [`Phones that should ring at once are rung one after the other (${few(places)}): that takes Enhanced Programmable SIP Features. Once Twilio has turned them on for the account, set enhancedSip.`];
}

const declared = ({ tenants }: PlanFacts['facts']): TenantDeclaration[] => tenants.filter(({ state }) => state === 'declared').map(({ declaration }) => declaration);

const few = (things: readonly string[]): string => (things.length <= NAMED ? things.join(', ') : `${things.slice(0, NAMED).join(', ')} and ${things.length - NAMED} more`);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
