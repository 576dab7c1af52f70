/**
 * What a media leg is asked to do, in this order, whichever protocol carries it. Audio is whole frames of the leg's own codec. A leg plays one frame each
 * 20 ms, so that what was ordered later waits for what was ordered before; `flush`, `pause` and `proceed` hold at once.
 */
export type LegOrder =
  | { readonly kind: 'audio'; readonly bytes: Uint8Array }
  /** Reported by `played` when all audio before it has been played in full. */
  | { readonly kind: 'mark'; readonly mark: string }
  /** Forgets audio and marks that wait. A pause stays in force. */
  | { readonly kind: 'flush' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'proceed' };

/** What a media leg tells about the caller's side, whichever protocol carries it. */
export type LegReport =
  | { readonly kind: 'played'; readonly mark: string }
  /** No more audio for now: beyond it some would be lost. */
  | { readonly kind: 'full' }
  | { readonly kind: 'room' }
  | { readonly kind: 'digit'; readonly digit: string }
  /** The caller's stream is over and will not come back; only streams that come from outside say so. */
  | { readonly kind: 'gone' };
