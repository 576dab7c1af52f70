import { PermanentError, TransientError, type RetryTerms, type Unanswered } from '@troncal/kernel';

export const credentialsRefused = (): PermanentError =>
  new PermanentError('gdms_credentials_refused', 'GDMS does not let this account in.', { status: 409, remedy: 'Check region, API ID, Secret Key, user name (not the mail address) and password in GDMS’s console, and give them again: troncal devices connect.' });

/** @param says GDMS's own words, of which secrets were taken out */
export const gdmsRefused = (place: string, retCode: number, says: string): PermanentError =>
  new PermanentError('gdms_refused', `GDMS refused ${place} with ${String(retCode)}: ${says}`, { status: 409, details: { place, retCode }, remedy: 'Its console tells more; what its API can’t do is done there.' });

/** `gdms_busy`, `gdms_away` and, for a change of which it has to be looked up what became of it, `gdms_outcome_unknown`. */
export function unanswered(place: string, last: Unanswered, { isRepeatable, patienceMs }: Pick<RetryTerms, 'isRepeatable' | 'patienceMs'>): TransientError {
  if (last.how === 'too-many') return new TransientError('gdms_busy', `${place} was refused as one too many (429) for ${String(patienceMs / 1_000)} s.`, { details: { place }, remedy: 'Something else uses this GDMS account up: try again later.' });
  if (last.how === 'unknown' && !isRepeatable) return new TransientError('gdms_outcome_unknown', `It is not known what became of ${place}: ${last.why}.`, { details: { place }, remedy: 'It is looked up before it is asked for again.' });
  return new TransientError('gdms_away', `GDMS does not answer ${place}: ${last.why}.`, { details: { place }, remedy: 'Try again; if it goes on, look whether the region is right and the network leads there.' });
}

/** It isn't known whether the change was made. */
export const isUnknown = (error: unknown): boolean => error instanceof TransientError && error.code === 'gdms_outcome_unknown';
