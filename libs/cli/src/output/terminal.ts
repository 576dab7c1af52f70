/** Where a command reads its surroundings and writes its words. A test gives its own. */
export interface Terminal {
  /** Results: standard output. */
  out(text: string): void;
  /** Progress and errors: standard error. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether colours may be used on standard output. */
  readonly colour: boolean;
  /** Aborted by Ctrl-C or SIGTERM; a second one ends the process at once. Whoever reads it must end by itself. */
  readonly interrupted: AbortSignal;
}

/** Colours only for people: a terminal, no NO_COLOR (no-color.org: a value that is not empty), and one that can show them. */
export function wantsColour(isTty: boolean, env: Terminal['env']): boolean {
  return isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/**
 * Aborts at the first SIGINT or SIGTERM, or when the process that started us is gone; after that the signals have their usual effect
 * again, so that a second one ends the process.
 */
function firstSignal(): AbortSignal {
  const interrupt = new AbortController();
  const stop = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    interrupt.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.once('disconnect', stop);
  // A listener for `disconnect` would keep us alive by itself.
  process.channel?.unref();
  return interrupt.signal;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  let interrupted: AbortSignal | undefined;
  // `troncal events | head` closes the pipe: that is an end, not a fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? process.exit(0) : undefined));
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    colour: wantsColour(process.stdout.isTTY, process.env),
    // Only who asks takes the signals over: all other commands end by them at once.
    get interrupted() {
      return (interrupted ??= firstSignal());
    },
  };
}
