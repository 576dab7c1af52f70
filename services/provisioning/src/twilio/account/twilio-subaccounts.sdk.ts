import { TransientError } from '@troncal/kernel';
import type { Twilio } from 'twilio';
import { isUnknown } from './twilio-account.errors.js';
import { largest, TwilioRequests, unlessMissing } from './twilio-requests.js';
import { TwilioSubaccounts, type OpenedAccount } from './twilio-subaccounts.js';

type Account = Awaited<ReturnType<Twilio['api']['v2010']['accounts']['create']>>;

/** Twilio's Accounts resource, over its SDK. */
export class SdkTwilioSubaccounts extends TwilioSubaccounts {
  private readonly requests = new TwilioRequests();

  constructor(private readonly parent: Twilio) {
    super();
  }

  named(name: string): Promise<OpenedAccount | undefined> {
    return this.requests.ask(`a look for the subaccount ${name}`, async () => this.open(await this.parent.api.v2010.accounts.list({ ...largest(), friendlyName: name }))[0]);
  }

  sought(name: string): Promise<OpenedAccount | undefined> {
    return this.requests.seen(() => this.named(name));
  }

  all(): Promise<OpenedAccount[]> {
    return this.requests.ask('a read of the subaccounts', async () => this.open(await this.parent.api.v2010.accounts.list(largest())));
  }

  make(name: string): Promise<OpenedAccount> {
    return this.requests.made('AC', {
      what: `the subaccount ${name}`,
      make: async () => {
        const made = viewOf(await this.parent.api.v2010.accounts.create({ friendlyName: name }));
        if (/^\S{1,128}$/.test(made.authToken)) return made;
        throw new TransientError('twilio_outcome_unknown', `Twilio opened the subaccount ${name} without a token.`);
      },
      look: () => this.named(name),
    });
  }

  find(sid: string): Promise<OpenedAccount | undefined> {
    return this.requests.ask(`a read of the subaccount ${sid}`, async () => {
      const there = await this.parent.api.v2010.accounts(sid).fetch().catch(unlessMissing);
      return there && viewOf(there);
    });
  }

  async setStatus(sid: string, status: OpenedAccount['status']): Promise<void> {
    await this.requests.change(`a change of the subaccount ${sid}`, async () => {
      try {
        await this.parent.api.v2010.accounts(sid).update({ status });
      } catch (error) {
        // What is closed already is refused when it is asked for again.
        if (!isUnknown(error) || (await this.find(sid))?.status !== status) throw error;
      }
    });
  }

  private open(accounts: readonly Account[]): OpenedAccount[] {
    return accounts
      .filter(({ sid, status }) => sid !== this.parent.accountSid && status !== 'closed')
      .toSorted((one, other) => one.dateCreated.getTime() - other.dateCreated.getTime())
      .map(viewOf);
  }
}

const viewOf = ({ sid, friendlyName, status, authToken }: Account): OpenedAccount => ({ sid, name: friendlyName, status, authToken });
