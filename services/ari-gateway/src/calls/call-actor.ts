import { TransientError } from '@troncal/kernel';
import { currentContext, runInContext, traceForCall, type Logger, type Span, type Trace } from '@troncal/observability';
import { edgeOvertaken } from '../edges/edge-away.js';
import type { CallStore } from '../journal/call-store.js';
import { knownAs, type Call } from './call.js';
import type { CallEffect } from './machine/call-effect.js';
import type { CallFact } from './machine/call-fact.js';
import type { CallMessage } from './machine/call-message.js';
import type { ControlMessage } from './machine/control-message.js';
import { handleMessage } from './machine/handle-message.js';
import { refusalError, type Refusal } from './machine/refusal.js';
import type { TurnContext } from './machine/turn.js';
import type { CallSensors } from '../sensors/call-sensors.js';

/** What came of a message. */
interface Taken {
  readonly call: Call;
  readonly refusal?: Refusal;
  readonly failed: boolean;
}

/** What an actor needs from around it. */
export interface ActorPorts {
  readonly store: Pick<CallStore, 'store'>;
  /** Does effects, in order, after their step was stored. Must not throw and need not be awaited. */
  readonly act: (call: Call, effects: readonly CallEffect[]) => void;
  readonly context: () => TurnContext;
  /** The epoch in which this process owns the call's edge. */
  readonly epoch: number;
  /** Told after each step, for indexes. */
  readonly stepped: (call: Call) => void;
  readonly logger: Logger;
  readonly sensors: CallSensors;
}

/**
 * One live call: takes its messages one after the other. A step is stored before anything is done for it, so that a crash in between is
 * repaired by reconciliation, never by a caller.
 */
export class CallActor {
  private queue: Promise<unknown> = Promise.resolve();
  /** What asked for the call from outside of its own trace. */
  private origin: readonly Trace[] = [];
  private abandoned = false;

  constructor(
    private current: Call,
    private readonly ports: ActorPorts,
  ) {}

  /** The call as of the last step. */
  get call(): Call {
    return this.current;
  }

  /** Sends a message; whoever needs the outcome uses `ask`. */
  tell(message: CallMessage): void {
    void this.ask(message);
  }

  /** Sends a message; resolves with the call after its step was stored. Never rejects: a fault of the machine changes nothing and is logged. */
  ask(message: CallMessage): Promise<Call> {
    return this.enqueue(message).then(({ call }) => call);
  }

  /** Asks for something that may be refused. @throws PermanentError (409) that says why and what the call is doing; TransientError when the step failed */
  async request(message: ControlMessage): Promise<Call> {
    const { call, refusal, failed } = await this.enqueue(message);
    if (refusal) throw refusalError(call, refusal);
    if (failed) throw new TransientError('step_failed', `The request was not carried out: call ${call.callId} could not take it.`, { remedy: 'The log of ari-gateway says why.' });
    return call;
  }

  /** The call is in other hands: whatever still comes is ignored, and nothing more is done for it. */
  abandon(): void {
    this.abandoned = true;
  }

  /** Resolves when every message so far has been taken. */
  async idle(): Promise<void> {
    await this.queue;
  }

  private enqueue(message: CallMessage): Promise<Taken> {
    const around = currentContext()?.trace;
    const trace = traceForCall(knownAs(this.current), around);
    const asker = around && around.traceId !== trace.traceId ? [around] : [];
    if (message.kind === 'begin') this.origin = asker;
    const step = this.queue.then(() => this.step(message, trace, asker));
    this.queue = step;
    return step;
  }

  /** Takes a message in the call's own trace, as a span of it; a message that changes nothing leaves none. */
  private step(message: CallMessage, trace: Trace, links: readonly Trace[]): Promise<Taken> {
    const { tenant } = this.current;
    const callId = knownAs(this.current);
    const { spans } = this.ports.sensors;
    const span = spans?.open(`step ${message.kind}`, { parent: trace, links, attributes: { 'troncal.tenant': tenant, 'troncal.call.id': callId, 'troncal.step.message': message.kind } });
    return runInContext({ tenant, call: callId, correlationId: callId, trace: span?.trace ?? trace, ...(spans && { spans }) }, () => this.take(message, span));
  }

  private async take(message: CallMessage, span: Span | undefined): Promise<Taken> {
    let refusal: Refusal | undefined;
    let failed = false;
    if (this.abandoned) return { call: this.current, failed: true };
    try {
      const context = this.ports.context();
      const { call, facts, effects, refusal: refused } = handleMessage(this.current, message, context);
      refusal = refused;
      const changed = call !== this.current || facts.length > 0;
      if (changed) await this.store(call, facts, context.now);
      if (changed || effects.length > 0) {
        span?.set({ 'troncal.step.facts': facts.map((fact) => fact.name), 'troncal.step.effects': effects.map((effect) => effect.kind) });
        this.ports.sensors.stepped({ call: this.current, message, facts, effects, at: context.now, origin: this.origin });
        span?.end();
      }
      if (effects.length > 0) this.ports.act(this.current, effects);
    } catch (error) {
      span?.fail(error);
      span?.end();
      this.ports.logger.error({ err: error, call: this.current.callId, message: message.kind }, 'a message of a call could not be taken');
      failed = true;
    }
    return { call: this.current, failed, ...(refusal ? { refusal } : {}) };
  }

  private async store(call: Call, facts: readonly CallFact[], at: number): Promise<void> {
    const stored = this.ports.sensors.stored.startTimer();
    const next = { ...call, version: this.current.version + 1 };
    const { epoch } = this.ports;
    await this.ports.store.store({ call: next, facts, at, epoch });
    stored();
    // Into the journal, while the database is away and another owner has come: it will be refused there, and here nothing follows from it.
    if (this.abandoned) throw edgeOvertaken(next.edgeId, epoch);
    this.current = next;
    this.ports.stepped(next);
  }
}
