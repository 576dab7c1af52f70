import { AmiError } from './ami-error.js';
import type { AmiMessage } from './ami-message.js';

interface Pending {
  readonly name: string;
  readonly list: boolean;
  readonly events: AmiMessage[];
  response: AmiMessage | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AmiError) => void;
  readonly timer: NodeJS.Timeout;
}

interface Answer {
  readonly response: AmiMessage;
  readonly events: readonly AmiMessage[];
}

/** Which action waits for which answer, by ActionID. */
export class PendingActions {
  private readonly waiting = new Map<string, Pending>();
  private count = 0;

  constructor(private readonly deadlineMs: number) {}

  ask(name: string, list: boolean, send: (actionId: string) => void): Promise<Answer> {
    this.count += 1;
    const actionId = `t${this.count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(actionId, new AmiError(name, `no answer within ${this.deadlineMs} ms`, false)), this.deadlineMs);
      this.waiting.set(actionId, { name, list, events: [], response: undefined, resolve, reject, timer });
      send(actionId);
    });
  }

  /** True when the message was part of an answer. */
  take(message: AmiMessage): boolean {
    const actionId = message.actionId ?? '';
    const pending = this.waiting.get(actionId);
    if (!pending) return false;
    if (message.event === undefined) this.takeResponse(actionId, pending, message);
    else this.takeEvent(actionId, pending, message);
    return true;
  }

  abandon(reason: string): void {
    for (const [actionId, { name }] of this.waiting) this.fail(actionId, new AmiError(name, reason, false));
  }

  private takeResponse(actionId: string, pending: Pending, message: AmiMessage): void {
    if (message.get('Response') === 'Error') {
      this.fail(actionId, new AmiError(pending.name, message.get('Message') ?? 'no reason given', true));
      return;
    }
    pending.response = message;
    // An empty list answers with a plain response in some actions and with start and complete in others (22.10).
    if (!pending.list || message.get('EventList') === undefined) this.settle(actionId, pending);
  }

  private takeEvent(actionId: string, pending: Pending, message: AmiMessage): void {
    if (message.get('EventList')?.toLowerCase() === 'complete') this.settle(actionId, pending);
    else pending.events.push(message);
  }

  private settle(actionId: string, { response, events, resolve, timer }: Pending): void {
    if (!response) return;
    clearTimeout(timer);
    this.waiting.delete(actionId);
    resolve({ response, events });
  }

  private fail(actionId: string, error: AmiError): void {
    const pending = this.waiting.get(actionId);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.waiting.delete(actionId);
    pending.reject(error);
  }
}
