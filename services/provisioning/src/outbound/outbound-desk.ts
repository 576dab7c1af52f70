import type { EmergencyPolicy, OutboundPolicy, Prompt } from '@troncal/contracts';

/** What the desk has to know of a tenant; the voice directory's `VoiceTenant` is one. */
export interface OutboundTenant {
  readonly environment: string;
  readonly tenant: string;
  /** ISO 3166-1 alpha-2: where national numbers are dialled from, and whose emergency numbers hold. */
  readonly country: string;
  /** IANA name: whose midnight ends the day that the caps count. */
  readonly timeZone: string;
  readonly suspended: boolean;
  readonly numbers: readonly { readonly e164: string }[];
  readonly routes: readonly { readonly code: string; readonly route: { readonly extension?: string | undefined } }[];
  readonly endpoints: readonly OutboundEndpoint[];
  readonly outbound: OutboundPolicy;
  readonly emergency: EmergencyPolicy;
}
export interface OutboundEndpoint {
  readonly extension: string;
  readonly role: string;
  /** What it shows when it calls out: a number of its tenant. */
  readonly callerId: string | null;
  readonly enabled: boolean;
}

/** A number of ours: whose it is. */
export interface OurNumber {
  readonly environment: string;
  readonly tenant: string;
  readonly route: string;
}

/** One leg that somebody of a tenant wishes to be dialled. */
export interface OutboundRequest {
  /**
   * Unique for this leg, and the same however often it is asked for: `CA…` for a phone's call, `CA…/leg` for further ones. A webhook that Twilio
   * repeats gets the answer that it got, and reserves no money twice.
   */
  readonly key: string;
  readonly callId: string;
  readonly tenant: OutboundTenant;
  /** The extension of the authenticated phone that calls; null for a leg that a route dials. */
  readonly from: string | null;
  /** The user part of what was dialled, percent-decoded once (never as a form: `+` is no blank), otherwise as it came: the desk is what reads it. */
  readonly dialled: string;
  /** Finds whose a number in E.164 is among all of ours; undefined: nobody's. */
  readonly ours: (e164: string) => OurNumber | undefined;
}

/** Where an allowed leg goes. Everything in it is safe to stand in TwiML and in SIP URIs: digits, `+`, `*`, `#`, host names. */
export type OutboundTarget =
  /** A phone of the tenant. `callerId`: the calling extension. */
  | { readonly kind: 'endpoint'; readonly to: string; readonly callerId: string }
  /** A route of the tenant: `operator` for 0, `menu` for #, `route` for the extension of any other. `to`: what was dialled. */
  | { readonly kind: 'operator' | 'menu' | 'route'; readonly to: string; readonly route: string; readonly callerId: string }
  /** Another number of ours (E.164), reached without the telephone network: run that route. It costs no leg and reserves nothing. */
  | { readonly kind: 'our-number'; readonly to: string; readonly number: OurNumber; readonly callerId: string | null }
  /** A number (E.164). Dial with `timeLimit` = timeLimitS and settle the reservation by the call's end. */
  | { readonly kind: 'number'; readonly to: string; readonly callerId: string; readonly timeLimitS: number; readonly reservationId: string }
  /** An emergency number as it is to be dialled. `by` twilio: `<Number>`; line: `<Sip>` to `sip`, the tenant's own. No time limit, nothing reserved. */
  | { readonly kind: 'emergency'; readonly to: string; readonly by: 'twilio'; readonly callerId: string | null }
  | { readonly kind: 'emergency'; readonly to: string; readonly by: 'line'; readonly sip: string; readonly callerId: string | null };

/** Whether a leg may be dialled, and if not, what the caller hears. `decisionId` is that of the stored decision with its inputs. */
export type OutboundDecision =
  | { readonly allowed: true; readonly decisionId: string; readonly target: OutboundTarget }
  | {
      readonly allowed: false;
      readonly decisionId: string;
      /** Stable; see libs/dial-guard, DenialReason. */
      readonly reason: string;
      /** For events and logs: no full number in it. */
      readonly detail: string;
      /** For whoever runs the platform. */
      readonly remedy: string;
      /** For the caller, in Spanish and English. */
      readonly spoken: Prompt;
      /** Q.850, for CallRefused. */
      readonly cause: number;
    };

/** How a reserved leg ended. */
export interface Settlement {
  readonly reservationId: string;
  /** Seconds that Twilio bills, 0 for a leg that nobody answered; it bills whole minutes begun. */
  readonly billedS: number;
  /** What Twilio says it cost, once it does (null in its first callbacks): millionths of the currency's unit, not negative. Corrects what the rate had told. */
  readonly priceMicros?: number;
}

/**
 * Decides every outbound leg of Twilio's rail: no leg is dialled without it. It answers within 2 s or refuses: while PostgreSQL is away, phones of
 * the tenant, its routes, our own numbers and emergency calls go through, and numbers outside are refused with a spoken reason.
 */
export abstract class OutboundDesk {
  /** Never throws. What it allows to a number is paid for: the reservation holds what timeLimitS costs, so that no two calls spend the same money. */
  abstract decide(request: OutboundRequest): Promise<OutboundDecision>;

  /**
   * Turns a reservation into what the leg cost. Idempotent: the latest price wins, an unknown reservation is nothing.
   * @throws TransientError database_away: ask again
   */
  abstract settle(settlement: Settlement): Promise<void>;
}
