/** How a regulatory bundle stands at Twilio. */
export interface BundleState {
  readonly sid: string;
  /** As Twilio names it: `draft`, `pending-review`, `in-review`, `twilio-approved`, … */
  readonly status: string;
  /** Why its documents were rejected. */
  readonly reason: string | undefined;
}

/** How a port-in request stands at Twilio. */
export interface PortState {
  readonly sid: string;
  /** As Twilio names it: `In review`, `Waiting for Signature`, … */
  readonly status: string;
  /** `2026-12-15`: when it is meant to happen. */
  readonly targetDate: string | undefined;
  /** Why the losing carrier rejected a number, or the order was cancelled. */
  readonly reason: string | undefined;
}

/** What people at Twilio and at carriers decide about numbers of one account. Reads alone; errors as of TwilioAccount. */
export abstract class Papers {
  /** In one request, and one for each document of a rejected one. Undefined when the account has none of this SID. */
  abstract bundle(sid: string): Promise<BundleState | undefined>;
  /** In one request. Undefined when the account has none of this SID. */
  abstract portIn(sid: string): Promise<PortState | undefined>;
}
