import type { ServerEvent } from './realtime-socket.js';

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  id: string | undefined;
  text: string;
}

/** Questions to the model beside the conversation (`conversation: 'none'`, text only): the caller hears nothing and the history is untouched. */
export class SideResponses {
  private readonly waiting = new Map<string, Waiting>();
  /** Out-of-band responses seen, also those given up: their late events must not reach the call. */
  private readonly ids = new Map<string, string>();
  private counter = 0;

  constructor(private readonly send: (event: Record<string, unknown>) => void) {}

  /** The model's answer; rejects at the deadline, on failure and when the connection is lost. */
  ask(instructions: string, deadlineMs: number): Promise<string> {
    this.counter += 1;
    const tag = `side-${this.counter}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(tag);
        reject(new Error(`no answer within ${deadlineMs} ms`));
      }, deadlineMs);
      this.waiting.set(tag, { resolve, reject, timer, id: undefined, text: '' });
      this.send({ type: 'response.create', response: { conversation: 'none', output_modalities: ['text'], instructions, metadata: { side: tag } } });
    });
  }

  /** True when the event belonged to a side response and is dealt with. */
  receive(event: ServerEvent): boolean {
    const response = event['response'] as { id?: unknown; status?: unknown; metadata?: { side?: unknown } | null } | undefined;
    const tag = typeof response?.metadata?.side === 'string' ? response.metadata.side : undefined;
    if (event.type === 'response.created' && tag !== undefined && typeof response?.id === 'string') {
      this.ids.set(response.id, tag);
      return true;
    }
    const id = typeof event['response_id'] === 'string' ? event['response_id'] : typeof response?.id === 'string' ? response.id : undefined;
    const known = id === undefined ? undefined : this.ids.get(id);
    if (known === undefined) return false;
    const waiting = this.waiting.get(known);
    if (event.type === 'response.output_text.done' && waiting !== undefined) waiting.text = typeof event['text'] === 'string' ? event['text'] : '';
    if (event.type === 'response.done') {
      this.ids.delete(id!);
      this.settle(known, response?.status === 'completed');
    }
    return true;
  }

  /** Nobody answers any more. */
  dispose(reason: string): void {
    for (const waiting of this.waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new Error(reason));
    }
    this.waiting.clear();
  }

  private settle(tag: string, completed: boolean): void {
    const waiting = this.waiting.get(tag);
    if (waiting === undefined) return;
    this.waiting.delete(tag);
    clearTimeout(waiting.timer);
    if (completed && waiting.text !== '') waiting.resolve(waiting.text);
    else waiting.reject(new Error('the provider gave no text'));
  }
}
