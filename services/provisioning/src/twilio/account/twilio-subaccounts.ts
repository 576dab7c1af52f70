/** A subaccount as Twilio tells of it to its parent. */
export interface OpenedAccount {
  readonly sid: string;
  readonly name: string;
  readonly status: 'active' | 'suspended' | 'closed';
  /** A secret: it opens the account, and signs its webhooks. */
  readonly authToken: string;
}

/** The subaccounts of the platform's account. Errors are those of TwilioAccount. Source: twilio.com/docs/iam/api/subaccounts. */
export abstract class TwilioSubaccounts {
  /** One that is not closed, the oldest: Twilio lets several have one name. */
  abstract named(name: string): Promise<OpenedAccount | undefined>;
  /** The same of one that may have been made just now: reads run behind writes at times. */
  abstract sought(name: string): Promise<OpenedAccount | undefined>;
  /** All that are not closed. */
  abstract all(): Promise<OpenedAccount[]>;
  /** Makes another one each time, and one however often it has to ask. @throws PermanentError `subaccounts_full`; TransientError `twilio_outcome_unknown`: seek it before asking again */
  abstract make(name: string): Promise<OpenedAccount>;
  /** undefined: there is none any more; Twilio forgets one 30 days after it was closed. */
  abstract find(sid: string): Promise<OpenedAccount | undefined>;
  /** `closed` is for ever, and takes with it all that is in it, numbers too. @throws PermanentError `suspended_by_twilio`, `account_closed` */
  abstract setStatus(sid: string, status: OpenedAccount['status']): Promise<void>;
}
