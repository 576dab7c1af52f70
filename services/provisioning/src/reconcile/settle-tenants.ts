import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '@troncal/persistence';
import { plannedUsers } from '../declarations/planned-users.js';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { nameBy, type Environment } from '../environments/environment.js';
import { ListPlaces } from '../sip-users/list-places.js';
import type { SipUser } from '../sip-users/sip-user.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import { SipUserVault } from '../sip-users/sip-user-vault.js';
import { newTwilioPassword } from '../sip-users/twilio-password.js';
import type { NumberWish, TwilioAccount } from '../twilio/account/twilio-account.js';
import { wishesOf, type TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';

/** More than one of those for sale may be gone by now. */
const SPARE = 5;

/** A number that has to be chosen yet. */
export interface Unchosen {
  readonly row: TwilioNumber;
  readonly wish: NumberWish;
}

/** Settles what a declaration leaves open, and writes it down before anything is asked for: which numbers, which SIP users with which passwords, in which lists. */
@Injectable()
export class SettleTenants {
  constructor(
    private readonly declarations: DeclarationRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly users: SipUserRepository,
    private readonly vault: SipUserVault,
  ) {}

  /** Numbers that are wanted by pattern and not chosen. */
  async unchosen(environment: string, tenants: readonly string[], from?: Queryable): Promise<Unchosen[]> {
    const declared = new Map((await this.declarations.list(environment, tenants, from)).map((each) => [each.tenant, each]));
    return (await this.numbers.list(environment, tenants, from)).flatMap((row) => {
      const declaration = declared.get(row.tenant)?.declaration;
      const number = declaration && wishesOf(declaration.numbers).find(({ wish }) => wish === row.wish)?.number;
      if (row.e164 !== null || number?.have !== 'buy' || declaration === undefined) return [];
      return [{ row, wish: { country: declaration.country, type: number.type, contains: number.contains } }];
    });
  }

  /** Which number each of them could be: read from what is for sale, none of it anybody's here. In the order of `unchosen`; undefined where there is none. */
  async candidates(account: TwilioAccount, unchosen: readonly Unchosen[]): Promise<(string | undefined)[]> {
    const key = ({ wish }: Unchosen): string => JSON.stringify(wish);
    const groups = [...Map.groupBy(unchosen, key)];
    const stocks = await Promise.all(
      groups.map(async ([name, all]) => {
        const [first] = all;
        const offered = first === undefined ? [] : await account.search(first.wish, Math.min(1_000, all.length + SPARE));
        const known = await this.numbers.known(offered);
        return [name, offered.filter((e164) => !known.has(e164))] as const;
      }),
    );
    const left = new Map(stocks);
    return unchosen.map((each) => left.get(key(each))?.shift());
  }

  /** Writes the choice down. */
  async choose(tx: Tx, { row }: Unchosen, e164: string | undefined): Promise<void> {
    if (e164 === undefined) {
      await this.numbers.save(tx, { ...row, state: 'waiting', why: 'No number like this is for sale.', who: 'You: ask for another type or pattern.' });
      return;
    }
    if ((await this.numbers.lock(tx, e164)) === undefined) await this.numbers.save(tx, { ...row, e164, state: 'pinned', why: null, who: null });
  }

  /** Makes the SIP users of these tenants be as declared; new ones get a password of their own. Those whose name needs a number that isn't chosen wait. */
  async settleUsers(tx: Tx, environment: Environment, tenants: readonly string[]): Promise<void> {
    const declared = await this.declarations.lock(tx, environment.name, tenants);
    const users = Map.groupBy(await this.users.list(environment.name, tenants, tx), ({ tenant }) => tenant);
    const numbers = Map.groupBy(await this.numbers.list(environment.name, tenants, tx), ({ tenant }) => tenant);
    const [fresh, gone]: [SipUser[], SipUser[]] = [[], []];
    let places: ListPlaces | undefined;
    for (const { tenant, state, declaration } of declared.values()) {
      if (state !== 'declared') continue;
      const there = new Map(users.get(tenant)?.map((user) => [user.extension, user]));
      const chosen = new Map(numbers.get(tenant)?.map(({ wish, e164 }) => [wish, e164]));
      const first = wishesOf(declaration.numbers).map(({ wish }) => chosen.get(wish)).find((e164) => e164 !== null && e164 !== undefined) ?? undefined;
      const planned = plannedUsers(environment, declaration, first);
      const wanted = new Set(planned.map(({ extension }) => extension));
      gone.push(...[...there.values()].filter(({ extension }) => !wanted.has(extension)));
      // Another name is another user: Twilio renames none.
      const missing = planned.flatMap(({ extension, username }) => (username === undefined || there.get(extension)?.username === username ? [] : [{ extension, username }]));
      if (missing.length === 0) continue;
      const placement = declaration.placement ?? environment.placement;
      const [beside] = there.values();
      const listed = async (): Promise<string> => {
        // A subaccount has room for all of a tenant's in one list.
        if (placement === 'subaccount') return beside?.list ?? nameBy(environment.naming.list, { code: tenant }) ?? tenant;
        places ??= new ListPlaces(await this.users.fill(tx));
        return places.take(environment, { tenant, placement, beside: beside?.list, users: beside === undefined ? planned.length : missing.length });
      };
      const list = await listed();
      for (const { extension, username } of missing) {
        const key = { environment: environment.name, tenant, extension };
        fresh.push({ ...key, username, list, state: 'wanted', credentialRevision: (there.get(extension)?.credentialRevision ?? 0) + 1, password: this.vault.seal(key, newTwilioPassword()), next: null, last: null });
      }
    }
    await this.users.remove(tx, ...gone);
    await this.users.save(tx, ...fresh);
  }
}
