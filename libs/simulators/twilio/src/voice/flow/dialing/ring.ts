import type { Call } from '../../calls/call.js';
import { Interrupted, seconds, unlessInterrupted, type VerbContext } from '../verb.js';
import type { DialPlan } from './dial-plan.js';
import type { DialTarget } from './dial-target.js';

/** A leg that answered, or the last one that didn't. */
export interface RingOutcome {
  readonly leg: Call | undefined;
  readonly target: DialTarget | undefined;
  readonly isAnswered: boolean;
}

interface Leg {
  readonly call: Call;
  readonly target: DialTarget;
}

/** Rings all at once until one answers, or one after the other. Whoever isn't taken is hung up. @throws Interrupted with everybody hung up */
export async function ring(plan: DialPlan, context: VerbContext): Promise<RingOutcome> {
  const rounds = plan.isSequential ? plan.targets.map((target) => [target]) : [plan.targets];
  let last: RingOutcome = { leg: undefined, target: undefined, isAnswered: false };
  for (const targets of rounds) {
    last = await round(targets, plan, context);
    if (last.isAnswered) return last;
  }
  return last;
}

async function round(targets: readonly DialTarget[], plan: DialPlan, context: VerbContext): Promise<RingOutcome> {
  const legs = targets.map((target) => ({ target, call: context.plane.dialer.leg(context.call, target, plan.callerId) }));
  const settled = firstAnswer(legs);
  for (const { call } of legs) call.begin();
  for (const { call } of legs) context.plane.dialer.start(call);
  const timeout = new AbortController();
  try {
    const waiting = seconds({ plane: context.plane, signal: AbortSignal.any([context.signal, timeout.signal]) }, plan.timeoutS);
    const winner = await Promise.race([unlessInterrupted(context.signal, settled), waiting.then(() => undefined)]);
    for (const { call } of legs) if (call !== winner?.call) call.hangUp('no-answer');
    const { call, target } = winner ?? legs.at(-1)!;
    return { leg: call, target, isAnswered: winner !== undefined };
  } catch (error) {
    if (error instanceof Interrupted) for (const { call } of legs) call.hangUp('canceled');
    throw error;
  } finally {
    timeout.abort();
  }
}

/** The first leg that is answered; undefined when all are over. */
function firstAnswer(legs: readonly Leg[]): Promise<Leg | undefined> {
  return new Promise((resolve) => {
    for (const leg of legs) {
      leg.call.onProgress((progress) => {
        if (progress === 'answered') resolve(leg);
        if (progress === 'completed' && legs.every(({ call }) => call.isOver)) resolve(undefined);
      });
    }
  });
}
