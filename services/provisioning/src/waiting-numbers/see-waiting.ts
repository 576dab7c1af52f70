import { Injectable } from '@nestjs/common';
import type { DeclaredNumber } from '@troncal/contracts';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import type { Subaccount } from '../subaccounts/subaccount.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import type { BundleState, PortState } from '../twilio/account/papers/papers.js';
import { wishesOf, type TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { judgeWaiting, type Verdict } from './judge-waiting.js';

/** A number that waits, with what was seen of it. */
export interface SeenNumber {
  readonly row: TwilioNumber & { readonly e164: string };
  /** The account has it. */
  readonly there: boolean;
  readonly bundle: BundleState | undefined;
  readonly port: PortState | undefined;
  readonly verdict: Verdict;
}

interface Waiting {
  readonly row: SeenNumber['row'];
  readonly declared: DeclaredNumber;
  /** The account that it has to be in; null: the platform's. */
  readonly subaccount: Subaccount | null;
}

const bundleOf = (declared: DeclaredNumber): string | undefined => (declared.have === 'buy' ? declared.bundle : undefined);
const requestOf = (declared: DeclaredNumber): string | undefined => (declared.have === 'port-in' ? declared.request : undefined);

/** Looks at Twilio for what the numbers of an environment wait for; at nothing where none waits. */
@Injectable()
export class SeeWaiting {
  constructor(
    private readonly facts: ReadTenantFacts,
    private readonly accounts: TenantAccounts,
  ) {}

  /** Those of which something is to be said. @throws as TwilioAccount, TenantAccounts */
  async run(environment: string): Promise<SeenNumber[]> {
    const waiting = await this.waiting(environment);
    if (waiting.length === 0) return [];
    // Papers are each account's own.
    const seen = await Promise.all([...Map.groupBy(waiting, ({ subaccount }) => subaccount)].map(([subaccount, its]) => this.seen(subaccount, its)));
    return seen.flat();
  }

  private async seen(subaccount: Subaccount | null, waiting: readonly Waiting[]): Promise<SeenNumber[]> {
    // In one that isn't opened yet nothing can be waited for.
    if (subaccount?.opened === null) return [];
    const account = this.accounts.accountOf(subaccount);
    const { papers } = account;
    const [there, bundles, ports] = await Promise.all([
      account.numbers(),
      statesOf(waiting.map(({ declared }) => bundleOf(declared)), (sid) => papers.bundle(sid)),
      statesOf(waiting.map(({ declared }) => requestOf(declared)), (sid) => papers.portIn(sid)),
    ]);
    return waiting.flatMap(({ row, declared }): SeenNumber[] => {
      const seen = { there: there.has(row.e164), bundle: bundles.get(bundleOf(declared) ?? ''), port: ports.get(requestOf(declared) ?? '') };
      const verdict = judgeWaiting(declared, seen);
      return verdict === undefined ? [] : [{ row, ...seen, verdict }];
    });
  }

  private async waiting(environment: string): Promise<Waiting[]> {
    const { tenants } = await this.facts.run(environment);
    return tenants.filter(({ state }) => state === 'declared').flatMap(({ declaration, numbers, subaccount }) => {
      const declared = new Map(wishesOf(declaration.numbers).map(({ wish, number }) => [wish, number]));
      return numbers.flatMap((row): Waiting[] => {
        const { wish, state, e164 } = row;
        const number = declared.get(wish);
        return state !== 'waiting' || e164 === null || number === undefined ? [] : [{ row: { ...row, e164 }, declared: number, subaccount }];
      });
    });
  }
}

async function statesOf<State extends { readonly sid: string }>(sids: readonly (string | undefined)[], read: (sid: string) => Promise<State | undefined>): Promise<ReadonlyMap<string, State>> {
  const states = await Promise.all([...new Set(sids)].flatMap((sid) => (sid === undefined ? [] : [read(sid)])));
  return new Map(states.flatMap((state) => (state === undefined ? [] : [[state.sid, state] as const])));
}
