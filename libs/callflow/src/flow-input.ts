/**
 * What a driver reports. Reports on a blocking action quote its `step`; one that quotes another step is late and changes nothing, so
 * reports may be repeated or come after a `stop`.
 */
export type FlowInput =
  /** The prompt has ended, by itself or by a fault: the caller is never kept waiting for a prompt that can't be played. */
  | { readonly kind: 'said'; readonly step: number }
  /** The caller pressed a digit (0-9, *, #, A-D); anything else is ignored. */
  | { readonly kind: 'digit'; readonly digit: string }
  | { readonly kind: 'digit_timeout'; readonly step: number }
  | { readonly kind: 'ring_answered'; readonly step: number }
  /** Nobody answered, all were busy or none could be reached. */
  | { readonly kind: 'ring_failed'; readonly step: number }
  | { readonly kind: 'queue_connected'; readonly step: number }
  | { readonly kind: 'queue_left'; readonly step: number; readonly outcome: 'timeout' | 'no_members' }
  /** No engine can be had, after all tries. */
  | { readonly kind: 'agent_failed'; readonly step: number }
  /** The caller has left a message, or has said nothing (`recorded: false`); a recorder that failed has recorded nothing. */
  | { readonly kind: 'voicemail_left'; readonly step: number; readonly recorded: boolean }
  /** The agent's own wish for a person. Counts in an agent node only. */
  | { readonly kind: 'handoff' }
  /** The person that the caller talked with has left. */
  | { readonly kind: 'person_left' }
  /** The caller is gone, or the call was ended from outside. Ends the flow from any state. */
  | { readonly kind: 'hangup' };
