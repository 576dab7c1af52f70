/** From when a phone had its settings until it was there. */
export interface RegistrationWait {
  readonly extension: string;
  readonly environment: string;
  /** When its sheet was handed over. */
  readonly since: Date;
  /** A device that fetched it begins at once; a person still has to type it in. */
  readonly takenBy: 'person' | 'device';
  readonly seenAt: Date | undefined;
  /** An edge of ours saw its REGISTER; or it called or rang on Twilio's rail, which tells no registrations: then it was registered by then at the latest. */
  readonly seenBy: 'register' | 'sign' | undefined;
}

export const tookMs = ({ since, seenAt }: RegistrationWait): number | undefined => (seenAt === undefined ? undefined : Math.max(0, seenAt.getTime() - since.getTime()));
