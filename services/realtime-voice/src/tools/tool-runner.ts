import { errorText, newId } from '@troncal/kernel';
import type { DialogueJournal, ToolOutcome } from '../dialogue/journal.js';
import type { AnyTool } from './tool.js';

/** A call of a tool, as the model made it. */
export interface ToolRequest {
  readonly call: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** What goes back to the model. `speak` is false when nothing should be said after it. */
export interface ToolReply {
  readonly call: string;
  readonly output: string;
  readonly speak: boolean;
}

export interface ToolHost {
  /** Resolves when the agent's queued words have been heard, or at `maxMs`. */
  quiet(maxMs: number, signal: AbortSignal): Promise<void>;
  now(): number;
}

/** The longest that a tool waits for the agent to finish its sentence. */
const MAX_WAIT_FOR_SPEECH_MS = 12_000;

interface Run {
  readonly id: string;
  readonly key: string;
  readonly tool: AnyTool;
  readonly stop: AbortController;
  waiting: boolean;
}

/**
 * Runs the tools of one conversation beside the audio. Every request gets exactly one reply, within the tool's deadline; a request that
 * repeats one still running, or an id already seen, is refused without being run. Nothing here throws.
 */
export class ToolRunner {
  private readonly running = new Set<Run>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly tools: readonly AnyTool[],
    private readonly journal: Pick<DialogueJournal, 'toolCalled' | 'toolCompleted'>,
    private readonly host: ToolHost,
  ) {}

  async run(request: ToolRequest): Promise<ToolReply> {
    const id = newId();
    const beganAt = this.host.now();
    const args = argumentsOf(request.argumentsJson);
    this.journal.toolCalled({ toolRunId: id, tool: request.name.slice(0, 64), arguments: args ?? {} });
    const answered = await this.answer(request, id, args);
    this.journal.toolCompleted({ toolRunId: id, tool: request.name.slice(0, 64), outcome: answered.outcome, tookMs: Math.round(this.host.now() - beganAt), detail: answered.detail.slice(0, 500) });
    return { call: request.call, output: JSON.stringify({ ok: answered.outcome === 'ok', detail: answered.detail }), speak: answered.speak };
  }

  /** The caller speaks: what only waits for the agent to finish, and may be called off, is called off. */
  callerSpoke(): void {
    for (const run of this.running) if (run.waiting && run.tool.cancelledBySpeech) run.stop.abort('the caller spoke again');
  }

  /** The conversation is over. */
  dispose(): void {
    for (const run of this.running) run.stop.abort('the conversation is over');
  }

  /** True while any tool runs or waits. */
  get busy(): boolean {
    return this.running.size > 0;
  }

  private async answer(request: ToolRequest, id: string, args: Record<string, unknown> | undefined): Promise<{ outcome: ToolOutcome; detail: string; speak: boolean }> {
    const tool = this.tools.find((known) => known.name === request.name);
    if (tool === undefined) return { outcome: 'refused', detail: `There is no tool ${request.name.slice(0, 64)}.`, speak: true };
    if (this.seen.has(request.call)) return { outcome: 'refused', detail: 'This call was answered already.', speak: false };
    this.seen.add(request.call);
    const parsed = tool.schema.safeParse(args);
    if (!parsed.success) return { outcome: 'refused', detail: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`).join('; '), speak: true };
    // The wording of a repeated wish differs (reason, summary), the wish doesn't: one run of each tool at a time.
    const key = tool.name;
    if ([...this.running].some((run) => run.key === key)) return { outcome: 'refused', detail: 'This is already under way.', speak: false };
    const run: Run = { id, key, tool, stop: new AbortController(), waiting: tool.afterSpeech };
    this.running.add(run);
    try {
      return await this.carryOut(run, parsed.data);
    } finally {
      this.running.delete(run);
    }
  }

  private async carryOut(run: Run, args: Record<string, unknown>): Promise<{ outcome: ToolOutcome; detail: string; speak: boolean }> {
    const { signal } = run.stop;
    if (run.waiting) await this.host.quiet(MAX_WAIT_FOR_SPEECH_MS, signal);
    run.waiting = false;
    if (signal.aborted) return { outcome: 'cancelled', detail: `Cancelled: ${String(signal.reason)}.`, speak: false };
    const deadline = AbortSignal.timeout(run.tool.deadlineMs);
    const ended = new Promise<'late' | 'stopped'>((resolve) => {
      deadline.addEventListener('abort', () => resolve('late'), { once: true });
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    try {
      const work = run.tool.run(args, AbortSignal.any([signal, deadline]));
      // Its late failure must not become an unhandled rejection.
      work.catch(() => {});
      const first = await Promise.race([work, ended]);
      if (first === 'late') return { outcome: 'timeout', detail: `No answer within ${run.tool.deadlineMs} ms.`, speak: true };
      if (first === 'stopped') return { outcome: 'cancelled', detail: `Cancelled: ${String(signal.reason)}.`, speak: false };
      return { outcome: first.ok ? 'ok' : 'error', detail: first.detail, speak: first.final !== true };
    } catch (error) {
      if (deadline.aborted) return { outcome: 'timeout', detail: `No answer within ${run.tool.deadlineMs} ms.`, speak: true };
      return { outcome: 'error', detail: errorText(error), speak: true };
    }
  }
}

function argumentsOf(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json === '' ? '{}' : json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
