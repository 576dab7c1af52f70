import { callTrace, type Counter, type Histogram, type SpanMaker, type Telemetry, type Trace } from '@troncal/observability';
import type { Call, Direction } from '../calls/call.js';
import type { CallEffect } from '../calls/machine/call-effect.js';
import type { CallFact } from '../calls/machine/call-fact.js';
import type { CallMessage } from '../calls/machine/call-message.js';

/** A step that has been stored. */
export interface StoredStep {
  readonly call: Call;
  readonly message: CallMessage;
  readonly facts: readonly CallFact[];
  readonly effects: readonly CallEffect[];
  /** ms since the epoch. */
  readonly at: number;
  /** What led to the call from outside of its own trace. */
  readonly origin: readonly Trace[];
}

const seconds = (ms: number): number => ms / 1_000;

/** What operations see of calls: counts and delays of what their steps state, and the spans that last longer than one step. */
export class CallSensors {
  readonly spans: SpanMaker | undefined;
  readonly stored: Histogram;
  private readonly started: Counter<'direction'>;
  private readonly ended: Counter<'direction' | 'disposition'>;
  private readonly recovered: Counter;
  private readonly setup: Histogram<'direction'>;
  private readonly talked: Histogram<'direction'>;
  private readonly waited: Histogram<'outcome'>;
  private readonly attached: Histogram;
  private readonly attachFailures: Counter<'kind'>;
  private readonly recordings: Counter<'outcome'>;
  private readonly turnedAway: Counter<'direction' | 'reason'>;
  /** Media legs that were asked for, and when. */
  private readonly attaching = new Map<string, number>();

  constructor({ metrics, spans }: Telemetry) {
    this.spans = spans;
    this.stored = metrics.histogram('troncal_call_step_seconds');
    this.started = metrics.counter('troncal_calls_started_total');
    this.ended = metrics.counter('troncal_calls_total');
    this.recovered = metrics.counter('troncal_calls_recovered_total');
    this.setup = metrics.histogram('troncal_call_setup_seconds');
    this.talked = metrics.histogram('troncal_call_answered_seconds');
    this.waited = metrics.histogram('troncal_queue_wait_seconds');
    this.attached = metrics.histogram('troncal_agent_attach_seconds');
    this.attachFailures = metrics.counter('troncal_agent_attach_failures_total');
    this.recordings = metrics.counter('troncal_recordings_total');
    this.turnedAway = metrics.counter('troncal_calls_refused_total');
  }

  /** Told of each step, in the context of the call. */
  stepped(step: StoredStep): void {
    for (const fact of step.facts) this.stated(step, fact);
    for (const effect of step.effects) this.asked(step, effect);
    this.came(step);
  }

  /** A call that never became one has a trace of one span. */
  refused(tenant: string, { callId, direction, reason, cause }: { readonly callId: string; readonly direction: Direction; readonly reason: string; readonly cause: number }): void {
    this.turnedAway.inc({ direction, reason });
    const span = this.spans?.open('call refused', {
      root: callTrace(callId), kind: 'server',
      attributes: { 'troncal.tenant': tenant, 'troncal.call.id': callId, 'troncal.call.direction': direction, 'troncal.call.refusal': reason, 'troncal.call.cause': cause },
    });
    span?.end();
  }

  private stated({ call, at, origin }: StoredStep, fact: CallFact): void {
    const { direction } = call;
    if (fact.name === 'CallStarted') this.started.inc({ direction });
    else if (fact.name === 'CallAnswered') this.setup.observe({ direction }, seconds(at - call.startedAt));
    else if (fact.name === 'QueueLeft') {
      this.waited.observe({ outcome: fact.data.outcome }, seconds(fact.data.waitedMs));
      this.past('queue', fact.data.waitedMs, at);
    } else if (fact.name === 'RecordingReady') {
      this.recordings.inc({ outcome: 'ready' });
      this.past('recording', fact.data.durationMs, at, { 'troncal.recording.id': fact.data.recordingId });
    } else if (fact.name === 'CallEnded') this.over(call, fact, origin);
  }

  private over(call: Call, fact: Extract<CallFact, { name: 'CallEnded' }>, origin: readonly Trace[]): void {
    const { direction } = call;
    const { disposition, answeredMs, recovered } = fact.data;
    this.ended.inc({ direction, disposition });
    if (call.answeredAt !== null) this.talked.observe({ direction }, seconds(answeredMs));
    if (recovered === true) this.recovered.inc();
    for (const leg of call.legs) this.attaching.delete(leg.legId);
    this.closeRoot(call, fact, origin);
  }

  /** The root of the call's trace, told by whoever ended the call: its steps have pointed at it all the while. */
  private closeRoot(call: Call, { data }: Extract<CallFact, { name: 'CallEnded' }>, origin: readonly Trace[]): void {
    const span = this.spans?.open(`call ${call.direction}`, {
      root: callTrace(call.callId), kind: 'server', startedAt: call.startedAt, links: origin,
      attributes: {
        'troncal.call.direction': call.direction, 'troncal.call.disposition': data.disposition, 'troncal.call.ended_by': data.endedBy, 'troncal.call.cause': data.cause, 'troncal.edge.id': call.edgeId,
        ...(data.recovered === true && { 'troncal.call.recovered': true }),
      },
    });
    span?.end(call.endedAt ?? undefined);
  }

  private asked({ at }: StoredStep, effect: CallEffect): void {
    if (effect.kind === 'attach_agent') this.attaching.set(effect.leg.legId, at);
    if (effect.kind === 'timer' && effect.name === 'agent_retry') this.attachFailures.inc({ kind: 'retried' });
  }

  private came({ message, at }: StoredStep): void {
    if (message.kind === 'leg_joined') {
      const since = this.attaching.get(message.legId);
      this.attaching.delete(message.legId);
      if (since !== undefined) this.attached.observe(seconds(at - since));
    } else if (message.kind === 'agent_away') {
      this.attaching.delete(message.legId);
      if (message.hopeless) this.attachFailures.inc({ kind: 'hopeless' });
    } else if (message.kind === 'recording_failed') this.recordings.inc({ outcome: 'failed' });
  }

  /** Something that is over: its length is known only now. */
  private past(name: string, tookMs: number, at: number, attributes: Record<string, string> = {}): void {
    this.spans?.open(name, { startedAt: at - tookMs, attributes }).end(at);
  }
}
