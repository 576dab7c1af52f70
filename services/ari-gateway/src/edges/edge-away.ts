import { TransientError } from '@troncal/kernel';

/** What is asked of an edge that runs nowhere by choice (`LEFT_OUT`). 503: it works as soon as somebody starts one. */
export function edgeLeftOut(edgeId: string): TransientError {
  return new TransientError('edge_left_out', `Asterisk of ${edgeId} was left out by choice: no call can be placed or changed.`, { remedy: 'Start Troncal with Asterisk.' });
}

/** What is asked of an edge that should be there and isn't. 503. */
export function edgeUnreachable(edgeId: string): TransientError {
  return new TransientError('edge_unreachable', `No edge is connected: Asterisk of ${edgeId} can't be reached.`, { remedy: 'See GET /api/edges; the call can be placed once it is connected again.' });
}
