import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Caps, TenantDeclaration } from '@troncal/contracts';
import type { Fault } from '@troncal/kernel';
import type { Tx } from '@troncal/persistence';
import type { Environment } from '../environments/environment.js';
import type { SipUserKey } from '../sip-users/sip-user.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import { SetCaps } from '../spend/set-caps.js';
import { PlaceTenants } from '../subaccounts/place-tenants.js';
import { NumberLedger } from '../twilio-numbers/number-ledger.js';
import { HOLD_DAYS, wishesOf, type NumberWanted, type TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import { declarationsClash } from './declarations.errors.js';
import { DeclarationRepository } from './declarations.repository.js';
import type { DeclaredTenant } from './declared-tenant.js';
import { plannedUsers, type PlannedUser } from './planned-users.js';

/**
 * Writes down what tenants have to be, and which numbers they want; all of them or none, in as many statements for a thousand as for one.
 * Nothing is asked of Twilio.
 * @throws PermanentError `declarations_clash` that names every number and SIP user that is another tenant's, every phone that Twilio could not reach, and every tenant that can't be placed as declared
 */
@Injectable()
export class StoreDeclarations {
  constructor(
    private readonly declarations: DeclarationRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly users: SipUserRepository,
    private readonly caps: SetCaps,
    private readonly placing: PlaceTenants,
  ) {}

  async run(tx: Tx, environment: Environment, wanted: readonly TenantDeclaration[]): Promise<void> {
    const codes = wanted.map(({ tenant }) => tenant);
    // The order of the lock's rows is that of the codes, whoever comes first.
    const current = await this.declarations.lock(tx, environment.name, codes);
    const changed = wanted.filter((declaration) => !isSame(current.get(declaration.tenant), declaration));
    await this.declarations.save(tx, ...changed.map((declaration): DeclaredTenant => {
      const there = current.get(declaration.tenant);
      return { environment: environment.name, tenant: declaration.tenant, state: 'declared', asFound: there?.asFound ?? false, declaration, revision: (there?.revision ?? 0) + 1 };
    }));
    for (const { tenant, spend } of wanted) if (spend !== undefined) await this.caps.within(tx, { environment: environment.name, tenant }, capsOf(spend));
    const faults = [...(await this.placing.run(tx, environment, wanted)), ...(await this.storeNumbers(tx, environment.name, wanted)), ...(await this.usersFaults(tx, environment, wanted)), ...edgeFaults(environment, wanted)];
    if (faults.length > 0) throw declarationsClash(faults.toSorted((one, other) => indexOf(one) - indexOf(other)));
  }

  private async storeNumbers(tx: Tx, environment: string, wanted: readonly TenantDeclaration[]): Promise<Fault[]> {
    const codes = wanted.map(({ tenant }) => tenant);
    const named = wanted.flatMap(({ numbers }) => numbers.flatMap(({ e164 }) => e164 ?? []));
    const owned = await this.numbers.lockAll(tx, named);
    const before = await this.numbers.list(environment, codes, tx);
    const ledger = new NumberLedger([...owned, ...before]);
    const ofTenant = Map.groupBy(before, ({ tenant }) => tenant);
    const faults = wanted.flatMap((declaration, index) => declareNumbers(ledger, environment, declaration, ofTenant.get(declaration.tenant) ?? [], index));
    await this.numbers.remove(tx, ...ledger.removed);
    await this.numbers.save(tx, ...ledger.saved);
    return faults;
  }

  /** Numbers that are not wanted any more: kept for a while when they are there, forgotten when they never came. */
  async leave(tx: Tx, numbers: readonly TwilioNumber[]): Promise<void> {
    const ledger = new NumberLedger(numbers);
    for (const number of numbers) leaveNumber(ledger, number);
    await this.numbers.remove(tx, ...ledger.removed);
    await this.numbers.save(tx, ...ledger.saved);
  }

  private async usersFaults(tx: Tx, environment: Environment, wanted: readonly TenantDeclaration[]): Promise<Fault[]> {
    const planned = wanted.map((declaration) => plannedUsers(environment, declaration));
    const owners = await this.users.ownersOf(tx, environment.name, planned.flat().flatMap(({ username }) => username ?? []));
    return wanted.flatMap((declaration, index) => userFaults(declaration, planned[index] ?? [], owners, `/declarations/${index}/endpoints`));
  }
}

const isSame = (there: DeclaredTenant | undefined, declaration: TenantDeclaration): boolean => there?.state === 'declared' && isDeepStrictEqual(there.declaration, declaration);

const indexOf = ({ where }: Fault): number => Number(where.split('/')[2]);

/** @returns what is another tenant's */
function declareNumbers(ledger: NumberLedger, environment: string, { tenant, numbers }: TenantDeclaration, before: readonly TwilioNumber[], at: number): Fault[] {
  const faults: Fault[] = [];
  const wishes = wishesOf(numbers);
  for (const [index, wanted] of wishes.entries()) {
    const known = before.find(({ wish }) => wish === wanted.wish);
    if (known !== undefined && known.state !== 'held') continue;
    const owner = wanted.number.e164 === undefined ? undefined : ledger.owner(wanted.number.e164);
    if (owner !== undefined && (owner.tenant !== tenant || owner.environment !== environment)) {
      faults.push({
        where: `/declarations/${at}/numbers/${index}`,
        message: `${wanted.number.e164} is ${owner.tenant}’s in "${owner.environment}"${owner.state === 'held' ? ', which is gone; it is held until it is released' : ''}: move it, or choose another one`,
      });
      continue;
    }
    // One of the tenant's own that came by another name, and was held: it is taken up again.
    if (owner !== undefined && owner.wish !== wanted.wish) ledger.remove(owner);
    ledger.put(fresh(environment, tenant, wanted));
  }
  const kept = new Set(wishes.map(({ wish }) => wish));
  for (const number of before) if (!kept.has(number.wish) && number.state !== 'held') leaveNumber(ledger, number);
  return faults;
}

function leaveNumber(ledger: NumberLedger, number: TwilioNumber): void {
  if (number.e164 === null || number.state === 'wanted' || number.state === 'waiting') ledger.remove(number);
  else ledger.put({ ...number, state: 'held', why: 'Its tenant does not want it any more.', who: 'the platform', releasableAt: new Date(Date.now() + HOLD_DAYS * 86_400_000) });
}

function userFaults({ tenant, endpoints }: TenantDeclaration, planned: readonly PlannedUser[], owners: ReadonlyMap<string, SipUserKey>, at: string): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  for (const { extension, username, endpoint } of planned) {
    const index = endpoints.indexOf(endpoint);
    if (username === undefined) continue;
    const told = (message: string): void => void faults.push({ where: `${at}/${index}`, message });
    if (username.length > 32) told(`its SIP user "${username}" has more than 32 characters: give it a username, or the environment a shorter pattern`);
    const other = seen.get(username);
    if (other !== undefined) told(`its SIP user "${username}" is also endpoint ${other + 1}’s: give it a username, or the environment a pattern with {extension}`);
    seen.set(username, index);
    const owner = owners.get(username);
    if (owner !== undefined && owner.tenant !== tenant) told(`"${username}" is a SIP user of ${owner.tenant}: give it a username of its own`);
    if (owner !== undefined && owner.tenant === tenant && owner.extension !== extension && endpoints.some((each) => each.extension === owner.extension)) told(`"${username}" is the SIP user of ${owner.extension} already: give it a username of its own`);
  }
  return faults;
}

/** What needs our Asterisk, where the environment has no way to it. */
function edgeFaults({ name, edge }: Environment, wanted: readonly TenantDeclaration[]): Fault[] {
  if (edge !== undefined) return [];
  return wanted.flatMap(({ endpoints }, at) => endpoints.flatMap(({ extension, rail }, index) => (rail === 'twilio' ? [] : [{
    where: `/declarations/${at}/endpoints/${index}`,
    message: `${extension} registers at our Asterisk, which Twilio can’t reach from "${name}": give the environment an edge (troncal env create ${name} --edge HOST), or leave rail out`,
  }])));
}

/** Amounts of a declaration are in whole units of the currency; caps in millionths. What isn't declared has no cap. */
function capsOf({ currency, perDay, perMonth, minutesPerDay, callsPerMinute, callsAtOnce }: NonNullable<TenantDeclaration['spend']>): Caps {
  const micros = (amount: number | undefined): number | null => (amount === undefined ? null : Math.round(amount * 1_000_000));
  return { currency, dayMicros: micros(perDay), monthMicros: micros(perMonth), minutesPerDay: minutesPerDay ?? null, callsPerMinute: callsPerMinute ?? null, concurrentCalls: callsAtOnce ?? null };
}

const fresh = (environment: string, tenant: string, { wish, number }: NumberWanted): TwilioNumber => ({
  environment, tenant, wish, e164: number.e164 ?? null, state: number.e164 === undefined ? 'wanted' : 'pinned', why: null, who: null, releasableAt: null, found: null,
});
