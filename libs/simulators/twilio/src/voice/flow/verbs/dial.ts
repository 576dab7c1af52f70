import type { Call } from '../../calls/call.js';
import type { Recording } from '../../recordings/recording.js';
import { recordWish } from '../../recordings/record-wish.js';
import { attribute } from '../../twiml/attributes.js';
import type { XmlElement } from '../../twiml/xml.js';
import type { Parameters } from '../../webhooks/signature.js';
import { bridge } from '../dialing/bridge.js';
import type { Dialled } from '../dialing/dialled.js';
import { dialFault, dialPlan, type DialPlan } from '../dialing/dial-plan.js';
import type { DialTarget } from '../dialing/dial-target.js';
import { dialQueue } from '../dialing/dial-queue.js';
import { ring } from '../dialing/ring.js';
import type { Next } from '../instruction.js';
import { Interrupted, type Verb, type VerbContext } from '../verb.js';

/**
 * Calls somebody and connects both. What comes after: the action, which is told even when the caller is gone by then (what it answers isn't executed any
 * more); without one the next verb.
 */
export const dial: Verb = async (element, context) => {
  const plan = dialPlan(element, context);
  const fault = dialFault(plan, context);
  if (fault !== undefined) {
    context.warn(fault.code, fault.text);
    return after(plan, context, { status: 'failed', isBridged: false });
  }
  if (!plan.answerOnBridge) await context.call.answer();
  const isQueue = plan.targets.some(({ kind }) => kind === 'queue');
  return after(plan, context, await (isQueue ? dialQueue(plan, context) : connected(element, plan, context)));
};

async function connected(element: XmlElement, plan: DialPlan, context: VerbContext): Promise<Dialled> {
  const { call, plane } = context;
  const record = attribute(element, 'record');
  const wish = recordWish(element, context, 'DialVerb');
  const recordsRinging = record?.startsWith('record-from-ringing') === true;
  let recording = recordsRinging ? plane.recordings.start(call, wish) : undefined;
  let leg: Call | undefined;
  try {
    const rung = await ring(plan, context);
    leg = rung.leg;
    if (!rung.isAnswered || leg === undefined) return { status: leg?.status ?? 'failed', ...(leg === undefined ? {} : { leg }), isBridged: false };
    await whisper(leg, rung.target, context);
    if (leg.isOver || call.isOver) return { status: 'completed', leg, isBridged: false };
    await call.answer();
    for (const digit of rung.target?.sendDigits ?? '') leg.line.press(digit);
    if (record !== undefined && record !== 'do-not-record' && record !== 'false') recording ??= plane.recordings.start(call, wish);
    return await talk(leg, plan, context, recording);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    leg?.hangUp();
    return { status: leg?.isAnswered === true ? 'completed' : 'canceled', ...(leg === undefined ? {} : { leg }), isBridged: false };
  } finally {
    recording?.stop();
  }
}

async function talk(leg: Call, plan: DialPlan, context: VerbContext, recording: Recording | undefined): Promise<Dialled> {
  const { call, plane, signal } = context;
  const referred = acceptRefer(leg, plan, context);
  const began = performance.now();
  const end = await bridge(call, leg, { signal, limitMs: plan.timeLimitS * plane.settings.secondMs, endsOnStar: plan.hangupOnStar });
  referred();
  if (end !== 'taken') leg.hangUp();
  const bridgedS = Math.ceil((performance.now() - began) / 1_000);
  return { status: 'completed', leg, isBridged: true, bridgedS, ...(recording === undefined ? {} : { recording }) };
}

/** While both are connected either may send the other elsewhere, when the <Dial> says where that is asked about. */
function acceptRefer(leg: Call, plan: DialPlan, { call, plane, warn }: VerbContext): () => void {
  const { refer } = plan;
  const sends = (sender: Call, other: Call) => (target: string): boolean => {
    if (refer === undefined) {
      warn(13802, `Dial: No referUrl attribute specified: ${sender.sid} can't send the call to ${target}`);
      return false;
    }
    plane.redirect(other, { ...refer, why: 'refer', parameters: { ReferTransferTarget: target } });
    // Its own part is over, once it has been told so.
    setImmediate(() => sender.hangUp());
    return true;
  };
  call.onRefer = sends(call, leg);
  leg.onRefer = sends(leg, call);
  return () => {
    for (const each of [call, leg]) each.onRefer = () => false;
  };
}

async function whisper(leg: Call, target: DialTarget | undefined, { plane, signal }: VerbContext): Promise<void> {
  if (target?.whisper === undefined) return;
  const stop = (): void => leg.hangUp();
  signal.addEventListener('abort', stop, { once: true });
  await plane.aside(leg).run({ ...target.whisper, why: 'whisper' });
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new Interrupted();
}

async function after(plan: DialPlan, context: VerbContext, dialled: Dialled): Promise<Next> {
  const { call, plane, signal } = context;
  const parameters = parametersOf(dialled);
  if (call.isOver) {
    if (plan.action !== undefined) await plane.tell(call, { ...plan.action, why: 'action', parameters });
    throw new Interrupted();
  }
  if (signal.aborted) throw new Interrupted();
  return plan.action === undefined ? 'on' : { ...plan.action, why: 'action', parameters };
}

function parametersOf({ status, leg, isBridged, bridgedS, recording }: Dialled): Parameters {
  return {
    DialCallStatus: status,
    DialBridged: String(isBridged),
    ...(leg === undefined ? {} : { DialCallSid: leg.sid }),
    ...(leg?.isAnswered === true ? { DialCallDuration: String(bridgedS ?? leg.durationS) } : {}),
    ...(leg?.line.kind === 'sip' ? { DialSipResponseCode: String(leg.sipStatus ?? (leg.isAnswered ? 200 : 487)) } : {}),
    ...(leg?.line.sipCallId === undefined ? {} : { DialSipCallId: leg.line.sipCallId }),
    ...(recording === undefined ? {} : { RecordingUrl: recording.url, RecordingSid: recording.sid, RecordingDuration: String(recording.durationS) }),
  };
}
