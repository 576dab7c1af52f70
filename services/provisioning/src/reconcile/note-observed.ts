import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import type { TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import type { EnvironmentPlan } from './plan-environment.js';

/** Writes down which numbers turned out to be there, and which are missed: what no step of a plan tells. */
@Injectable()
export class NoteObserved {
  constructor(
    private readonly db: Database,
    private readonly numbers: TwilioNumberRepository,
  ) {}

  async run({ facts, accounts, waiting }: EnvironmentPlan): Promise<void> {
    const there = new Set(accounts.flatMap(({ observed }) => observed.numbers.map(({ e164 }) => e164)));
    const missed = new Map(waiting.map((each) => [each.what, each]));
    const changed = facts.tenants.flatMap(({ numbers }) =>
      numbers.flatMap((number): TwilioNumber[] => {
        if (number.e164 === null || number.state === 'held') return [];
        const miss = missed.get(number.e164);
        if (miss !== undefined) return [{ ...number, state: 'waiting', why: miss.why, who: miss.who }];
        return there.has(number.e164) && number.state !== 'provisioned' ? [{ ...number, state: 'provisioned', why: null, who: null }] : [];
      }),
    );
    if (changed.length === 0) return;
    await this.db.transaction((tx) => this.numbers.save(tx, ...changed));
  }
}
