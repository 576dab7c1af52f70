import { setTimeout as sleep } from 'node:timers/promises';
import { encodeUlaw, silence, tone } from '@troncal/audio';
import { attribute, methodOf, wholeNumber } from '../../twiml/attributes.js';
import type { XmlElement } from '../../twiml/xml.js';
import type { QueueMember, QueueResult } from '../../queues/queues.js';
import type { Parameters } from '../../webhooks/signature.js';
import type { Fetched, Next } from '../instruction.js';
import { actionOf, addressOf, Interrupted, unlessInterrupted, type Verb, type VerbContext } from '../verb.js';

/** Twilio's own music; here a tone every two seconds. */
const WAITING = Uint8Array.from([...encodeUlaw(tone(350, 400)), ...encodeUlaw(silence(1_600))]);

const SHORTEST_MS = 200;

/** Waits in a queue until somebody takes the call, sends it elsewhere, or it leaves; then the action is told why, even when the caller is gone. */
export const enqueue: Verb = async (element, context) => {
  const { call, plane } = context;
  const queue = plane.queues.named(call.facts.account, element.text);
  const most = wholeNumber(element, 'maxQueueSize', queue.maxSize, 1, (value) => context.warn(12200, `Enqueue: Invalid maxQueueSize value ${value}`));
  const member = queue.add(call, most);
  if (member === undefined) return after(element, context, { QueueResult: 'queue-full', QueueSid: queue.sid, QueueTime: '0' });
  const waiting = wait(element, member, context);
  const result = await outOf(member, context);
  await waiting;
  const next = await after(element, context, { QueueResult: result, QueueSid: queue.sid, QueueTime: String(member.waitedS) });
  return member.goesOn ?? next;
};

/** Why it is out of the queue. Whoever was connected with somebody was that to its end, whoever hangs up then. */
async function outOf(member: QueueMember, { call, signal }: VerbContext): Promise<QueueResult> {
  try {
    return await unlessInterrupted(signal, member.out);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const wasTaken = member.taken.signal.aborted;
    const result = wasTaken ? 'bridged' : call.isOver ? 'hangup' : 'redirected';
    member.leave(result);
    return result;
  }
}

async function after(element: XmlElement, context: VerbContext, parameters: Parameters): Promise<Next> {
  const { call, plane, signal } = context;
  const hasAction = attribute(element, 'action') !== undefined;
  const action = actionOf(element, context, parameters);
  const goesElsewhere = signal.aborted || parameters['QueueResult'] === 'redirected';
  if (hasAction && !goesElsewhere) return action;
  if (hasAction) await plane.tell(call, action);
  if (signal.aborted) throw new Interrupted();
  return 'on';
}

/** What is heard meanwhile: the TwiML of the wait URL again and again, or a tone. <Leave> in it leaves the queue. */
async function wait(element: XmlElement, member: QueueMember, context: VerbContext): Promise<void> {
  const { call } = context;
  const url = attribute(element, 'waitUrl');
  const method = methodOf(element, 'waitUrlMethod');
  const document = (): Fetched => ({ url: addressOf(context, url ?? ''), method, why: 'wait', parameters: waitParameters(member) });
  const isWaiting = (): boolean => !member.taken.signal.aborted && !call.isOver;
  const stop = (): void => call.player.stop();
  member.taken.signal.addEventListener('abort', stop, { once: true });
  try {
    while (isWaiting()) {
      if (url === undefined || url === '') await call.player.play(WAITING);
      else if (await waitDocument(document(), member, context)) member.leave('leave');
    }
  } finally {
    member.taken.signal.removeEventListener('abort', stop);
    stop();
    member.markFree();
  }
}

/** Whether it ended by <Leave>. */
async function waitDocument(instruction: Fetched, member: QueueMember, { plane, call }: VerbContext): Promise<boolean> {
  const flow = plane.aside(call);
  const stop = (): void => flow.end();
  member.taken.signal.addEventListener('abort', stop, { once: true });
  const began = performance.now();
  const how = await flow.run(instruction);
  member.taken.signal.removeEventListener('abort', stop);
  // A document that says nothing isn't asked for without a pause.
  if (how === 'ended' && performance.now() - began < SHORTEST_MS) await sleep(SHORTEST_MS);
  return how === 'left';
}

function waitParameters({ queue, position, waitedS }: QueueMember): Parameters {
  return {
    QueueSid: queue.sid,
    QueuePosition: String(position),
    QueueTime: String(waitedS),
    AvgQueueTime: String(queue.averageWaitS),
    CurrentQueueSize: String(queue.members.length),
    MaxQueueSize: String(queue.maxSize),
  };
}
