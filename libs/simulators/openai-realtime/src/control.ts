import type { ControlRoutes } from '@troncal/simulator-program';
import { readBehaviour, type Behaviour, type FaultBoard } from './faults.js';
import type { SessionLog } from './session-log.js';
import type { RealtimeSession } from './session.js';

export interface ControlTargets {
  readonly faults: FaultBoard;
  readonly log: SessionLog;
  readonly live: ReadonlySet<RealtimeSession>;
}

/** The simulator's own API, beside the simulated one: `POST /control/faults` (a behaviour), `GET /control/log`, `POST /control/reset`. */
export const controlRoutes = (targets: ControlTargets): ControlRoutes => ({
  'GET /health': () => ({ sessions: targets.live.size }),
  'GET /control/log': () => ({ sessions: targets.log.all() }),
  'POST /control/reset': () => reset(targets),
  'POST /control/faults': (body) => {
    const behaviour = readBehaviour(body);
    behave(targets, behaviour);
    return { behaviour };
  },
});

/** New sessions obey it, and live ones too unless it says how many it is for; all, or those of its name. */
export function behave({ faults, live }: ControlTargets, behaviour: Behaviour): void {
  faults.set(behaviour);
  if (behaviour.sessions === undefined) for (const session of live) session.behave(behaviour);
}

export function reset({ faults, log, live }: ControlTargets): void {
  faults.reset();
  log.reset();
  for (const session of live) session.reset();
}
