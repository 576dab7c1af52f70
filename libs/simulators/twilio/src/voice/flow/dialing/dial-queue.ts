import { Interrupted, seconds, unlessInterrupted, type VerbContext } from '../verb.js';
import { bridge } from './bridge.js';
import type { Dialled } from './dialled.js';
import type { DialPlan } from './dial-plan.js';

/** Connects with the caller that waits longest in a queue, or who comes while it is waited for. */
export async function dialQueue(plan: DialPlan, context: VerbContext): Promise<Dialled> {
  const { call, plane, signal } = context;
  const target = plan.targets.find(({ kind }) => kind === 'queue')!;
  const waiting = new AbortController();
  try {
    const timeout = seconds({ plane, signal: AbortSignal.any([signal, waiting.signal]) }, plan.timeoutS).then(() => undefined);
    const member = await Promise.race([unlessInterrupted(signal, plane.queues.next(call.facts.account, target.to, waiting.signal)), timeout]);
    if (member === undefined) return { status: 'no-answer', isBridged: false };
    await member.isFree();
    if (target.whisper !== undefined) {
      const parameters = { QueueSid: member.queue.sid, QueueTime: String(member.waitedS), DequeingCallSid: call.sid };
      await plane.aside(member.call).run({ ...target.whisper, why: 'whisper', parameters });
    }
    await call.answer();
    const began = performance.now();
    await bridge(call, member.call, { signal, limitMs: plan.timeLimitS * plane.settings.secondMs, endsOnStar: plan.hangupOnStar });
    member.leave('bridged');
    return { status: 'completed', leg: member.call, isBridged: true, bridgedS: Math.ceil((performance.now() - began) / 1_000) };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { status: 'canceled', isBridged: false };
  } finally {
    waiting.abort();
  }
}
