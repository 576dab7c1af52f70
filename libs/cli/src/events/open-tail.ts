import type { Domain, Envelope } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { Session } from '../session.js';
import { InOrder } from './in-order.js';

/** What is read, and who is told at once. */
export interface TailChoice {
  readonly domains?: readonly Domain[] | undefined;
  readonly since?: Date | undefined;
  /** Each event as it arrives, before it is put in order. */
  readonly onArrival?: (envelope: Envelope) => void;
}

/** A tail that is running. */
export interface OpenTail {
  /** Tells a line of one's own, in its place among the events. */
  tell(line: string): void;
  /** Tells what is still held, then ends. */
  stop(): Promise<void>;
}

/**
 * Reads the bus as an observer and tells each event in the order of the facts. Resolves once every stream is being read. A bus that
 * goes away later is waited for; one that is not there now is an error.
 */
export async function openTail(session: Session, options: TailChoice, onEvent: (envelope: Envelope) => void, onLine: (line: string) => void = () => {}): Promise<OpenTail> {
  const bus = session.context.bus();
  const order = new InOrder<Envelope | string>((what) => (typeof what === 'string' ? onLine(what) : onEvent(what)));
  // Loaded here only: the other verbs start in half the time without it.
  const { tailEvents } = await import('@troncal/messaging');
  try {
    const tail = await tailEvents(bus, (seen) => {
      options.onArrival?.(seen.envelope);
      order.push(seen.envelope, seen.envelope.time);
    }, {
      ...(options.domains !== undefined && { domains: options.domains }),
      ...(options.since !== undefined && { since: options.since }),
      // A stream comes into being with its first event: that one is missing is no trouble.
      onTrouble: (text) => (/stream not found/.test(text) ? undefined : session.terminal.err(`${session.style.warn('note:')} ${text}\n`)),
    });
    await tail.started;
    return {
      tell: (line) => order.push(line, new Date().toISOString()),
      stop: async () => {
        await tail.stop();
        order.end();
      },
    };
  } catch (error) {
    const text = errorText(error);
    const refused = /authori[sz]ation|permission/i.test(text);
    throw new CliError(refused ? EXIT.refused : EXIT.unreachable, `the bus at ${bus.url} ${refused ? 'refused us' : 'can’t be read'}: ${text}`, refused ? 'Check TRONCAL_NATS_USER and TRONCAL_NATS_PASSWORD_FILE.' : 'Look at what is not ready: troncal status');
  }
}
