import { errorText } from '@troncal/kernel';
import type { Attempt } from './connection.js';

/** An attempt that first asks whether it may; without a question it is `dial` itself. */
export function dialAfter(ask: (() => Promise<void>) | undefined, onGone: (reason: string) => void, dial: () => Attempt): Attempt {
  if (!ask) return dial();
  let attempt: Attempt | undefined;
  let ended: string | undefined;
  ask().then(
    () => {
      if (ended === undefined) attempt = dial();
      else onGone(ended);
    },
    (error: unknown) => onGone(ended ?? errorText(error)),
  );
  return {
    end: (reason) => {
      ended = reason;
      attempt?.end(reason);
    },
  };
}
