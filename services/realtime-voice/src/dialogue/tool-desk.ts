import type { Logger } from '@troncal/observability';
import type { VoiceEngine } from '../engine/voice-engine.js';
import { ToolRunner, type ToolHost, type ToolReply, type ToolRequest } from '../tools/tool-runner.js';
import type { AnyTool } from '../tools/tool.js';
import type { DialogueJournal } from './journal.js';

interface Result {
  readonly request: ToolRequest;
  readonly reply: ToolReply;
}

/**
 * Runs what the model asks for and hands its results back when the model may have them: between responses, since it refuses one whose call it
 * is still writing. A session that takes over is told what the one before asked for and what came of it.
 */
export class ToolDesk {
  private readonly runner: ToolRunner;
  private waiting: Result[] = [];
  /** Handed over; nothing has been said after them yet. */
  private unanswered: Result[] = [];
  /** Calls made by a session that is gone. */
  private readonly foreign = new Set<string>();
  private readonly running = new Map<string, ToolRequest>();

  constructor(
    tools: readonly AnyTool[],
    journal: DialogueJournal,
    host: ToolHost,
    private readonly logger: Logger,
  ) {
    this.runner = new ToolRunner(tools, journal, host);
  }

  /** True while any tool runs, or its result waits. */
  get busy(): boolean {
    return this.runner.busy || this.waiting.length > 0;
  }

  /** @param settled called when the result is there; it then waits for `deliver` */
  run(request: ToolRequest, settled: () => void): void {
    this.running.set(request.call, request);
    this.runner.run(request).then(
      (reply) => {
        this.running.delete(request.call);
        this.waiting.push({ request, reply });
        settled();
      },
      (error: unknown) => this.logger.error({ err: error }, 'a tool run failed'),
    );
  }

  callerSpoke(): void {
    this.runner.callerSpoke();
  }

  /** No response is being made: what is there goes to the engine. True when it's asked to say something after it. */
  deliver(engine: VoiceEngine): boolean {
    const results = this.waiting.splice(0);
    let speaks = false;
    for (const [index, { request, reply }] of results.entries()) {
      const speak = index === results.length - 1 && reply.speak;
      if (this.foreign.delete(request.call)) engine.retellTool({ ...request, output: reply.output }, speak);
      else engine.toolResult(reply.call, reply.output, speak);
      speaks ||= speak;
    }
    this.unanswered.push(...results.filter(({ reply }) => reply.speak));
    return speaks;
  }

  /** The engine has said something: it knows the results. */
  answered(): void {
    this.unanswered = [];
  }

  /** The session that asked is gone: the next one is told of it all, also of what this one knew and had not answered. */
  askerGone(): void {
    this.waiting = [...this.unanswered.splice(0), ...this.waiting];
    for (const { request } of this.waiting) this.foreign.add(request.call);
    for (const call of this.running.keys()) this.foreign.add(call);
  }

  /** The conversation is over. */
  dispose(): void {
    this.runner.dispose();
  }
}
