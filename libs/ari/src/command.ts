/** One ARI command, as the generated operations describe it. */
export interface AriCommand {
  /** `channels.answer`: for errors and metrics. */
  readonly operation: string;
  readonly method: string;
  /** Below `/ari`, path parameters already percent-encoded. */
  readonly path: string;
  /** Absent values are left out; lists are joined by commas, as ARI reads them. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The answer is a file and not JSON. */
  readonly binary?: boolean;
}

/** Sends a command and resolves with Asterisk's answer: parsed JSON, bytes for `binary`, undefined for 204. */
export type AriSend = <T>(command: AriCommand) => Promise<T>;

/** The request target of a command below `base` (`/ari`). */
export function targetOf(base: string, command: AriCommand): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(command.query ?? {})) {
    if (value !== undefined) query.append(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = query.toString();
  return text ? `${base}${command.path}?${text}` : `${base}${command.path}`;
}
