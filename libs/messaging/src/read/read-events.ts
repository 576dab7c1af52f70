import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { DOMAINS, envelopeSchema, inboxPrefix, streamName, type Domain, type Envelope } from '@troncal/contracts';
import type { BusLogin } from '../connection/bus.js';
import { isMissingStream } from '../provision/streams.js';

export interface ReadOptions {
  readonly since: Date;
  /** Nothing stored later is read; everything up to now when absent. */
  readonly until?: Date;
  /** Subjects by domain, `evt.demo.calls.>`; all of a domain's when absent. */
  readonly subjects?: (domain: Domain) => readonly string[];
}

/**
 * Reads what is stored now and ends: every event since a moment, each stream in its order. Leaves nothing behind on the server. Rejects when
 * NATS can't be reached.
 */
export async function readEvents(login: BusLogin, options: ReadOptions, onEvent: (envelope: Envelope) => void): Promise<void> {
  const connection = await connect({ servers: login.url.split(','), user: login.user, pass: login.password, name: `${login.user} read`, inboxPrefix: inboxPrefix(login.user), timeout: 2_000 });
  try {
    const all = DOMAINS.flatMap((domain) => (options.subjects?.(domain) ?? [undefined]).map((subject) => ({ domain, subject })));
    await Promise.all(all.map((each) => readStream(connection, each, options, onEvent)));
  } finally {
    await connection.close();
  }
}

async function readStream(connection: NatsConnection, { domain, subject }: { readonly domain: Domain; readonly subject: string | undefined }, { since, until }: ReadOptions, onEvent: (envelope: Envelope) => void): Promise<void> {
  // One consumer per subject: for several at once the client (3.4) creates one under a name that an observer may not use.
  const from = { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString(), ...(subject !== undefined && { filter_subjects: subject }) };
  try {
    const consumer = await jetstream(connection).consumers.get(streamName(domain), from);
    if ((await consumer.info()).num_pending === 0) return;
    const messages = await consumer.consume();
    for await (const message of messages) {
      if (until !== undefined && message.time > until) break;
      const envelope = envelopeSchema.safeParse(json(message.string()));
      if (envelope.success) onEvent(envelope.data);
      if (message.info.pending === 0) break;
    }
    messages.stop();
  } catch (error) {
    // A stream comes into being with its first event.
    if (!isMissingStream(error)) throw error;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
