import { Injectable } from '@nestjs/common';
import { RailAccounts } from '../rail-calls/rail-accounts.js';
import { codeOf, isMissing } from '../twilio/account/twilio-account.errors.js';
import { FetchCaller, type FetchedCall } from './fetch-caller.js';

const NOT_IN_PROGRESS = 21_220;

/** By a call in progress being given another address: https://www.twilio.com/docs/voice/tutorials/how-to-modify-calls-in-progress */
@Injectable()
export class TwilioFetchCaller extends FetchCaller {
  constructor(private readonly accounts: RailAccounts) {
    super();
  }

  async run({ environment, owner, heardBy, url }: FetchedCall): Promise<void> {
    const client = await this.accounts.reach({ environment, tenant: owner });
    try {
      await client.calls(heardBy).update({ url, method: 'POST' });
    } catch (error) {
      if (codeOf(error) !== NOT_IN_PROGRESS && !isMissing(error)) throw error;
    }
  }
}
