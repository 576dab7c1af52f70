import { DeliverPolicy, jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { DEAD_LETTER_STREAM, DOMAINS, envelopeSchema, inboxPrefix, streamName, type Domain, type Envelope } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import type { BusLogin } from '../connection/bus.js';

/** An event as it stands in its stream. */
export interface SeenEvent {
  readonly envelope: Envelope;
  readonly subject: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TailOptions {
  /** Which streams; all domains when absent. */
  readonly domains?: readonly Domain[];
  /** From when on: only new ones when absent, or every event since then. */
  readonly since?: Date;
  /** Also tell of dead letters, by their original envelope. */
  readonly deadLetters?: boolean;
  /** Told of connection troubles and of messages that are no events; the tail goes on. */
  readonly onTrouble?: (text: string) => void;
}

/** A running tail. */
export interface Tail {
  /** Resolves when every stream that exists is being read: an event published from now on will be seen. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

const LOOK_AGAIN_MS = 1_000;

/**
 * Reads events as they come, each stream in its order, through ordered consumers that leave nothing behind on the server. Keeps on through
 * restarts of NATS without missing or repeating any. No Nest: for the command line and for tests.
 */
export async function tailEvents(login: BusLogin, onEvent: (event: SeenEvent) => void, options: TailOptions = {}): Promise<Tail> {
  const connection = await connect({
    servers: login.url.split(','),
    user: login.user,
    pass: login.password,
    name: `${login.user} tail`,
    inboxPrefix: inboxPrefix(login.user),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    ignoreAuthErrorAbort: true,
    pingInterval: 2_000,
  });
  const streams = [...(options.domains ?? DOMAINS).map(streamName), ...(options.deadLetters ? [DEAD_LETTER_STREAM] : [])];
  const open = new Set<ConsumerMessages>();
  let stopped = false;

  const begin = async (stream: string, missing: boolean): Promise<void> => {
    // A stream that appears while we wait is read from its beginning: everything in it is new to us.
    const from = options.since ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: options.since.toISOString() } : { deliver_policy: missing ? DeliverPolicy.All : DeliverPolicy.New };
    const consumer = await jetstream(connection).consumers.get(stream, from);
    const messages = await consumer.consume({ idle_heartbeat: 2_000, expires: 10_000 });
    open.add(messages);
    void read(stream, messages);
  };
  const read = async (stream: string, messages: ConsumerMessages): Promise<void> => {
    try {
      for await (const message of messages) {
        const envelope = envelopeSchema.safeParse(safeJson(message.string()));
        if (!envelope.success) {
          options.onTrouble?.(`Message ${message.seq} of ${stream} is no event.`);
          continue;
        }
        const headers = Object.fromEntries([...(message.headers ?? [])].map(([name, values]) => [name, values.join(',')]));
        onEvent({ envelope: envelope.data, subject: message.subject, stream, streamSequence: message.seq, headers });
      }
    } catch (error) {
      if (!stopped) options.onTrouble?.(`Reading ${stream} ended: ${errorText(error)}`);
    }
  };
  const follow = async (stream: string): Promise<void> => {
    try {
      await begin(stream, false);
    } catch (error) {
      options.onTrouble?.(`${stream} can't be read yet: ${errorText(error)}`);
      void later(stream);
    }
  };
  const later = async (stream: string): Promise<void> => {
    while (!stopped) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      try {
        if (!stopped) await begin(stream, true);
        return;
      } catch {
        // Told once already; it may be created at any time.
      }
    }
  };
  const started = Promise.all(streams.map(follow)).then(() => {});
  return {
    started,
    stop: async () => {
      stopped = true;
      for (const messages of open) messages.stop();
      await connection.close();
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
