import { newTrace, runInContext, type Logger } from '@troncal/observability';
import type { CallStore } from '../journal/call-store.js';
import type { Call } from './call.js';
import type { CallEffect } from './machine/call-effect.js';
import type { CallMessage } from './machine/call-message.js';
import { handleMessage } from './machine/handle-message.js';
import type { TurnContext } from './machine/turn.js';

/** What an actor needs from around it. */
export interface ActorPorts {
  readonly store: Pick<CallStore, 'store'>;
  /** Does effects, in order, after their step was stored. Must not throw and need not be awaited. */
  readonly act: (call: Call, effects: readonly CallEffect[]) => void;
  readonly context: () => TurnContext;
  /** Told after each step, for indexes. */
  readonly stepped: (call: Call) => void;
  readonly logger: Logger;
}

/**
 * One live call: takes its messages one after the other. A step is stored before anything is done for it, so that a crash in between is
 * repaired by reconciliation, never by a caller.
 */
export class CallActor {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly trace = newTrace();

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
    const { callId, tenant } = this.current;
    const step = this.queue.then(() => runInContext({ tenant, call: callId, correlationId: callId, trace: this.trace }, () => this.take(message)));
    this.queue = step;
    return step;
  }

  /** Resolves when every message so far has been taken. */
  async idle(): Promise<void> {
    await this.queue;
  }

  private async take(message: CallMessage): Promise<Call> {
    try {
      const context = this.ports.context();
      const { call, facts, effects } = handleMessage(this.current, message, context);
      if (call !== this.current || facts.length > 0) {
        const next = { ...call, version: this.current.version + 1 };
        await this.ports.store.store({ call: next, facts, at: context.now });
        this.current = next;
        this.ports.stepped(next);
      }
      if (effects.length > 0) this.ports.act(this.current, effects);
    } catch (error) {
      this.ports.logger.error({ err: error, call: this.current.callId, message: message.kind }, 'a message of a call could not be taken');
    }
    return this.current;
  }
}
