import { AdaptiveLimit, PermanentError, type LimitBounds } from '@troncal/kernel';
import twilio, { type Twilio } from 'twilio';
import type { TwilioAccount } from './account/twilio-account.js';
import { SdkTwilioAccount } from './account/twilio-account.sdk.js';
import type { TwilioSubaccounts } from './account/twilio-subaccounts.js';
import { SdkTwilioSubaccounts } from './account/twilio-subaccounts.sdk.js';
import { TwilioHttp } from './http/twilio-http.js';

/** How the platform's account is reached. */
export interface AccountSettings {
  readonly sid: string;
  readonly authToken: string;
  /** Also taken for a webhook's signature, while the token is being replaced. */
  readonly otherTokens: readonly string[];
  /** Of a simulator; Twilio itself when absent. */
  readonly apiUrl: string | undefined;
  /** Requests that may be under way at once. */
  readonly atOnce: LimitBounds;
}

/** An account that is reached. */
export interface ReachedAccount {
  readonly account: TwilioAccount;
  /** The SDK's client of it, for what is no part of an account's plan. */
  readonly client: Twilio;
}

interface Platform extends ReachedAccount {
  readonly subaccounts: TwilioSubaccounts;
  readonly http: TwilioHttp;
}

/** The platform's account at Twilio, and those under it. All of them share what may be under way at once: Twilio counts a parent with its subaccounts, as far as is known. */
export class TwilioAccounts {
  private readonly reached: Platform | undefined;
  private readonly under = new Map<string, ReachedAccount & { readonly authToken: string }>();

  constructor(private readonly settings: AccountSettings | undefined) {
    if (settings === undefined) return;
    const http = new TwilioHttp({ base: settings.apiUrl, limit: new AdaptiveLimit(settings.atOnce) });
    const client = twilio(settings.sid, settings.authToken, { httpClient: http });
    this.reached = { client, http, account: new SdkTwilioAccount(client), subaccounts: new SdkTwilioSubaccounts(client) };
  }

  /** The SDK's client of the platform's account; undefined when there is none. */
  get client(): Twilio | undefined {
    return this.reached?.client;
  }

  /** What its webhooks are signed with; two while one is being replaced. */
  get tokens(): readonly string[] {
    return this.settings === undefined ? [] : [this.settings.authToken, ...this.settings.otherTokens];
  }

  /** @throws PermanentError `twilio_not_configured` */
  get platform(): TwilioAccount {
    return this.configured().account;
  }

  /** @throws PermanentError `twilio_not_configured` */
  get subaccounts(): TwilioSubaccounts {
    return this.configured().subaccounts;
  }

  /** A subaccount by its own credentials, since its parent's reach it at one of Twilio's hosts only. @throws PermanentError `twilio_not_configured` */
  subaccount({ sid, authToken }: { readonly sid: string; readonly authToken: string }): ReachedAccount {
    const there = this.under.get(sid);
    if (there?.authToken === authToken) return there;
    const { client: parent, http } = this.configured();
    const client = twilio(sid, authToken, { httpClient: http });
    const reached = { client, authToken, account: new SdkTwilioAccount(client, undefined, parent) };
    this.under.set(sid, reached);
    return reached;
  }

  private configured(): Platform {
    if (this.reached !== undefined) return this.reached;
    throw new PermanentError('twilio_not_configured', 'This Troncal has no Twilio account.', { status: 409, remedy: 'Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_AUTH_TOKEN_FILE) and restart.' });
  }
}
