import { z } from 'zod';

const toolCallSchema = z.strictObject({
  /** In the answer to which turn of the caller, from 1. */
  onTurn: z.int().min(1),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

/**
 * What a session is told to do out of the ordinary; all of it optional. Times in milliseconds. It can be given
 * - to all new and live sessions: `POST /control/faults` with this JSON;
 * - to those of a name, with `as` in it: the ones with `[[simulator as NAME]]` in their instructions;
 * - to one session: `sim={…}` in the URL's query, or `[[simulator {…}]]` anywhere in its instructions.
 */
export const behaviourSchema = z.strictObject({
  /** Answer the upgrade with this HTTP status instead of a session. */
  upgradeStatus: z.int().min(400).max(599).optional(),
  /** Accept TCP and never answer the upgrade. */
  upgradeHang: z.boolean().optional(),
  /** Accept the socket, then send nothing and obey nothing. */
  hang: z.boolean().optional(),
  /** Wait before the first byte of each response. */
  firstByteMs: z.int().min(0).optional(),
  /** Drop the TCP connection after this much audio of a response has been sent. */
  cutAfterAudioMs: z.int().min(0).optional(),
  /** Only responses to this turn of the caller (0 is the greeting) are cut or hang; every response when absent. */
  onTurn: z.int().min(0).optional(),
  /** A response begins and never ends. */
  hangResponse: z.boolean().optional(),
  /** End each response as failed, with this error code. */
  failResponse: z.string().optional(),
  /** What is wrong on the wire. */
  wrong: z.enum(['garbage-json', 'format-echo', 'format-silent', 'unknown-events', 'oversize', 'binary']).optional(),
  /** Tools to call, by turn. */
  toolCalls: z.array(toolCallSchema).optional(),
  /** Speak for this long whatever the text: something to interrupt. */
  speechMs: z.int().min(20).max(600_000).optional(),
  /** Length of a session before it is closed with 1001; 60 minutes when absent. */
  sessionMs: z.int().min(1).optional(),
  /** How the end of a session is told: by the close with 1001 alone, or by the older `session_expired` error before it; 'close' when absent. */
  expiry: z.enum(['close', 'error']).optional(),
  /** Words of the answer, instead of the scripted ones. Still labelled SIMULATED. */
  say: z.string().optional(),
  /** How much faster than real time audio is sent; 10 when absent. */
  speedup: z.number().min(0.5).max(1_000).optional(),
  /** Only the sessions of this name obey what `POST /control/faults` said, from their session.update on: no upgrade can be refused so. */
  as: z.string().optional(),
  /** How many sessions obey what `POST /control/faults` said, from now on; all when absent. */
  sessions: z.int().min(1).optional(),
});
export type Behaviour = z.infer<typeof behaviourSchema>;

const MARKER = /\[\[simulator (\{.*?\})\]\]/s;
const NAME = /\[\[simulator as ([\w-]+)\]\]/;

/** The name that a session's instructions give it, if any. */
export const nameInInstructions = (instructions: string): string | undefined => NAME.exec(instructions)?.[1];

/** The behaviour marked in a session's instructions, or nothing. A marker that can't be read is an error to the writer of the test. */
export function behaviourInInstructions(instructions: string): Behaviour {
  const marked = MARKER.exec(instructions)?.[1];
  return marked === undefined ? {} : readBehaviour(marked);
}

/** Reads a behaviour from JSON text; throws an Error that names every fault. */
export function readBehaviour(json: string): Behaviour {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    throw new Error(`A behaviour must be JSON, got ${json.slice(0, 80)}`);
  }
  const parsed = behaviourSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'behaviour'}: ${issue.message}`).join('; '));
}

/** What new sessions are told, set over HTTP: all of them, and those of a name. */
export class FaultBoard {
  private readonly said = new Map<string | undefined, { readonly behaviour: Behaviour; left: number }>();

  /** Replaces what was told to all, or to the name, before; `{}` is ordinary behaviour. */
  set(behaviour: Behaviour): void {
    this.said.set(behaviour.as, { behaviour, left: behaviour.sessions ?? Number.POSITIVE_INFINITY });
  }

  /** What a session that begins now, or now has this name, obeys; counts it. */
  take(name?: string): Behaviour {
    const said = this.said.get(name);
    if (said === undefined || said.left <= 0) return {};
    said.left -= 1;
    return said.behaviour;
  }

  reset(): void {
    this.said.clear();
  }
}
