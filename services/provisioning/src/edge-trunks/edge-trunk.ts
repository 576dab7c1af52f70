import type { SealedSecret } from '@troncal/persistence';

/** As whom Twilio's rail calls our Asterisk for an environment. */
export interface EdgeTrunk {
  readonly environment: string;
  /** Counts passwords. */
  readonly credentialRevision: number;
  /** null: calls of that environment are let in no more. */
  readonly password: SealedSecret | null;
}

/** Its SIP user, and its endpoint at Asterisk: the dot keeps it apart from phones (`demo_201`) and from trunks of carriers. */
export const edgeTrunkUser = (environment: string): string => `rail.${environment}`;
