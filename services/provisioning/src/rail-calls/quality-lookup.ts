import type { RailFactOf } from './call-facts.js';
import type { LookedFor } from './call-lookup.js';

type Figures = Pick<RailFactOf<'quality'>, 'received' | 'sent' | 'tags'>;

export type LookedUpQuality =
  | ({ readonly state: 'measured' } & Figures)
  /** No audio was measured on it: it was never answered, or Twilio knows nothing of it any more. */
  | { readonly state: 'nothing' }
  /** Twilio has not summed it up yet. */
  | { readonly state: 'pending' }
  /** Its Voice Insights are not enabled on the account, or were not when the call was made. */
  | { readonly state: 'not-enabled' };

/** Asks Twilio how the audio of a call, or of one leg of it, travelled. Rejects with TransientError while Twilio does not answer. */
export abstract class QualityLookup {
  /** False when there is no account to ask. */
  abstract knows(looked: LookedFor): Promise<boolean>;
  abstract of(looked: LookedFor): Promise<LookedUpQuality>;
}
