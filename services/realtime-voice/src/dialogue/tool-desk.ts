import type { Logger } from '@troncal/observability';
import { ToolRunner, type ToolHost, type ToolReply, type ToolRequest } from '../tools/tool-runner.js';
import type { AnyTool } from '../tools/tool.js';
import type { DialogueJournal } from './journal.js';

/** Runs what the model asks for and hands its results back when the model may have them: between responses, since it refuses one whose call it is still writing. */
export class ToolDesk {
  private readonly runner: ToolRunner;
  private results: ToolReply[] = [];

  /** @param send one result; `speak` is true for the last of those that go out together, if it wants an utterance */
  constructor(
    tools: readonly AnyTool[],
    journal: DialogueJournal,
    host: ToolHost,
    private readonly send: (reply: ToolReply) => void,
    private readonly logger: Logger,
  ) {
    this.runner = new ToolRunner(tools, journal, host);
  }

  /** True while any tool runs or waits. */
  get busy(): boolean {
    return this.runner.busy;
  }

  /** @param settled called when the result is there; it then waits for `deliver` */
  run(request: ToolRequest, settled: () => void): void {
    this.runner.run(request).then(
      (reply) => {
        this.results.push(reply);
        settled();
      },
      (error: unknown) => this.logger.error({ err: error }, 'a tool run failed'),
    );
  }

  callerSpoke(): void {
    this.runner.callerSpoke();
  }

  /** No response is being made: what is there goes out. */
  deliver(): void {
    const results = this.results.splice(0);
    results.forEach((result, index) => this.send({ ...result, speak: result.speak && index === results.length - 1 }));
  }

  /** Whoever asked is gone: what waits for it is of no use. */
  forget(): void {
    this.results = [];
  }

  /** The conversation is over. */
  dispose(): void {
    this.runner.dispose();
  }
}
