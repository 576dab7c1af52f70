import { Injectable } from '@nestjs/common';
import type { Twilio } from 'twilio';
import { isMissing } from '../twilio/account/twilio-account.errors.js';
import { CallLookup, type LookedFor, type LookedUpCall, type LookedUpPrice } from './call-lookup.js';
import { RailAccounts } from './rail-accounts.js';

type Call = Awaited<ReturnType<ReturnType<Twilio['calls']>['fetch']>>;

/** Twilio's Calls resource. https://www.twilio.com/docs/voice/api/call-resource */
@Injectable()
export class TwilioCallLookup extends CallLookup {
  constructor(private readonly accounts: RailAccounts) {
    super();
  }

  async knows({ environment, tenant }: LookedFor): Promise<boolean> {
    return (await this.accounts.clientOf(environment, tenant)) !== undefined;
  }

  async find(looked: LookedFor): Promise<LookedUpCall | undefined> {
    const call = await this.fetch(looked);
    return call && { status: call.status, from: call.from, to: call.to, endedAt: known(call.endTime), durationS: call.duration ? Number(call.duration) : undefined };
  }

  async prices(looked: LookedFor): Promise<readonly LookedUpPrice[] | undefined> {
    const call = await this.fetch(looked);
    if (!call) return [];
    const legs = await (await this.accounts.reach(looked)).calls.list({ parentCallSid: looked.callSid, pageSize: 1_000 });
    const priced = [call, ...legs].flatMap(priceOf);
    return priced.length === legs.length + 1 ? priced : undefined;
  }

  private async fetch(looked: LookedFor): Promise<Call | undefined> {
    try {
      return await (await this.accounts.reach(looked)).calls(looked.callSid).fetch();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** Twilio gives what it charges as a negative decimal, and null until it has reckoned it. What never was a conversation costs nothing, and stays null. */
function priceOf({ sid, price, priceUnit, status, duration }: Call): LookedUpPrice[] {
  if (price) return [{ sid, priceMicros: Math.round(Math.abs(Number(price)) * 1_000_000), currency: priceUnit || 'USD' }];
  return status === 'completed' && Number(duration) > 0 ? [] : [{ sid, priceMicros: 0, currency: priceUnit || 'USD' }];
}

const known = (time: Date | null | undefined): Date | undefined => (time && !Number.isNaN(time.getTime()) ? time : undefined);
