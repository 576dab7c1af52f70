import type { z } from 'zod';

/** What a tool answered. `detail` is told to the model; `final` means that nothing is to be said afterwards. */
export interface ToolAnswer {
  readonly ok: boolean;
  readonly detail: string;
  readonly final?: boolean;
}

/** Something an agent may do. Its name and schema are all that the model knows of it; what it may really do is decided behind `run`. */
export interface Tool<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  /** After this long the model is told that it timed out, and the late answer is dropped. */
  readonly deadlineMs: number;
  /** Wait until the agent's words have been heard before running. */
  readonly afterSpeech: boolean;
  /** The caller speaking while it waits cancels it. */
  readonly cancelledBySpeech: boolean;
  run(args: z.output<Schema>, signal: AbortSignal): Promise<ToolAnswer>;
}

/** A tool with its argument type forgotten, for lists of different tools. */
export type AnyTool = Omit<Tool, 'run'> & { run(args: unknown, signal: AbortSignal): Promise<ToolAnswer> };

/** Binds a tool's schema to its code: arguments are parsed by it before `run` sees them. */
export function defineTool<Schema extends z.ZodObject>(tool: Tool<Schema>): AnyTool {
  return { ...tool, run: (args, signal) => tool.run(tool.schema.parse(args), signal) };
}
