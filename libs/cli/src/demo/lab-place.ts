import type { StackState } from '@troncal/contracts';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { Session } from '../session.js';

/** What the lab call needs of a running Troncal. */
export interface LabPlace {
  readonly state: StackState;
  readonly sip: NonNullable<StackState['sip']>;
  readonly demo: NonNullable<StackState['demo']>;
}

/** The place of the lab call, or a {@link CliError} that says what is missing and how to get it. */
export async function labPlace(session: Session): Promise<LabPlace> {
  const state = session.context.state();
  if (state.phase === 'starting') throw new CliError(EXIT.unreachable, 'Troncal is still starting', 'Wait until npm start says that it is ready.');
  // A launcher that was killed leaves its state file behind: only an answer proves that something runs.
  await session.api.probe({ path: '/health/ready' });
  if (state.sip === null) {
    const reason = state.leftOut.find((left) => left.part === 'asterisk')?.reason ?? 'it does not run';
    throw new CliError(EXIT.unreachable, `there is no telephone exchange to call: Asterisk was left out (${reason})`, 'Start it with Asterisk: npm start');
  }
  if (state.demo === null) throw new CliError(EXIT.notFound, 'there is no demonstration tenant to call with', 'Start it with the demo: npm start, without --without-demo');
  return { state, sip: state.sip, demo: state.demo };
}
