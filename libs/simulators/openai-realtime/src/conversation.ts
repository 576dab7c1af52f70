import type { ItemInput } from './client-events.js';

export interface ContentPart {
  type: 'input_text' | 'input_audio' | 'input_image' | 'output_text' | 'output_audio';
  text?: string;
  transcript?: string | null;
}

/** An item of the conversation. `audioMs` is what has been generated so far; it never leaves the simulator. */
export interface Item {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'message' | 'function_call' | 'function_call_output';
  status: 'in_progress' | 'completed' | 'incomplete';
  role?: 'user' | 'assistant' | 'system';
  content?: ContentPart[];
  name?: string;
  call_id?: string;
  arguments?: string;
  output?: string;
}

/** The default conversation of a session: items in order. */
export class Conversation {
  private readonly items: Item[] = [];
  private readonly audioMs = new Map<string, number>();

  /** Appends, or inserts after `previous` ('root' is the beginning). Returns the id of the item before it, or undefined when `previous` is unknown. */
  insert(item: Item, previous?: string | null): { readonly previousId: string | null } | undefined {
    if (previous === undefined || previous === null) {
      const last = this.items.at(-1)?.id ?? null;
      this.items.push(item);
      return { previousId: last };
    }
    const at = previous === 'root' ? 0 : this.items.findIndex((known) => known.id === previous) + 1;
    if (at === 0 && previous !== 'root') return undefined;
    this.items.splice(at, 0, item);
    return { previousId: previous === 'root' ? null : previous };
  }

  get(id: string): Item | undefined {
    return this.items.find((item) => item.id === id);
  }

  delete(id: string): boolean {
    const at = this.items.findIndex((item) => item.id === id);
    if (at >= 0) this.items.splice(at, 1);
    this.audioMs.delete(id);
    return at >= 0;
  }

  all(): readonly Item[] {
    return this.items;
  }

  /** True when a function call with this id is in the conversation. */
  hasCall(callId: string): boolean {
    return this.items.some((item) => item.type === 'function_call' && item.call_id === callId);
  }

  /** True once the agent has spoken: its voice is then fixed. */
  get hasAgentAudio(): boolean {
    return this.audioMs.size > 0;
  }

  /** Counts audio generated for an item. */
  addAudio(id: string, ms: number): void {
    this.audioMs.set(id, (this.audioMs.get(id) ?? 0) + ms);
  }

  /** Audio of an item in ms; undefined when it has none. */
  audioOf(id: string): number | undefined {
    return this.audioMs.get(id);
  }

  /** Cuts an item's audio; its transcript goes with it, as the real service deletes the text that nobody heard. */
  truncate(id: string, ms: number): void {
    this.audioMs.set(id, ms);
    const part = this.get(id)?.content?.[0];
    if (part) part.transcript = '';
  }

  /** All text in it, one line per message, for the scripted brain. */
  lines(): string[] {
    return this.items.flatMap((item) => linesOf(item));
  }
}

/** The text of an item as `role: words`. */
export function linesOf(item: Pick<Item, 'role' | 'content' | 'output'>): string[] {
  if (item.output !== undefined) return [`tool: ${item.output}`];
  const words = (item.content ?? []).map((part) => part.text ?? part.transcript ?? '').filter((text) => text !== '');
  return words.length === 0 ? [] : [`${item.role ?? 'user'}: ${words.join(' ')}`];
}

/** The item a client asked for, with the fields that the service fills in. */
export function itemOf(input: ItemInput, id: string): Item {
  const base = { id: input.id ?? id, object: 'realtime.item' as const, status: 'completed' as const };
  switch (input.type) {
    case 'message':
      return { ...base, type: 'message', role: input.role, content: input.content.map((part) => contentOf(part)) };
    case 'function_call':
      return { ...base, type: 'function_call', name: input.name, arguments: input.arguments, call_id: input.call_id ?? `call_${id}` };
    case 'function_call_output':
      return { ...base, type: 'function_call_output', call_id: input.call_id, output: input.output };
  }
}

function contentOf(part: Extract<ItemInput, { type: 'message' }>['content'][number]): ContentPart {
  return { type: part.type, ...(part.text === undefined ? {} : { text: part.text }), ...(part.transcript === undefined ? {} : { transcript: part.transcript }) };
}
