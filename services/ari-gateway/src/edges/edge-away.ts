import { PermanentError, TransientError } from '@troncal/kernel';

/** What is asked of an edge that runs nowhere by choice (`LEFT_OUT`). 503: it works as soon as somebody starts one. */
export function edgeLeftOut(edgeId: string): TransientError {
  return new TransientError('edge_left_out', `Asterisk of ${edgeId} was left out by choice: no call can be placed or changed.`, { remedy: 'Start Troncal with Asterisk.' });
}

/** No edge at all can place a call now. 503. */
export function noEdge(edgeIds: readonly string[]): TransientError {
  return new TransientError('edge_unreachable', `No edge is connected: Asterisk of ${edgeIds.join(', ') || 'no edge is held here, so none'} can't be reached.`, {
    remedy: 'See GET /api/edges; the call can be placed once it is connected again.',
  });
}

/** What is asked of an edge that no session here holds. 503. */
export function edgeNotHere(edgeId: string): TransientError {
  return new TransientError('edge_unreachable', `Asterisk of ${edgeId} is not in this gateway's hands.`, { remedy: 'See GET /api/edges for its holder; ask again in a second.' });
}

/** We owned the edge once and don't any more: whatever we still meant to do there is its new owner's. */
export function edgeOvertaken(edgeId: string, epoch: number, cause?: unknown): PermanentError {
  return new PermanentError('edge_overtaken', `The edge ${edgeId} has a newer owner than epoch ${epoch}.`, { status: 503, remedy: 'See GET /api/edges for its holder; ask again.', details: { edgeId, epoch }, ...(cause === undefined ? {} : { cause }) });
}

/** True for the refusal above. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof PermanentError && error.code === 'edge_overtaken';
}
