import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType, type JetStreamManager, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { DEAD_LETTER_STREAM, DEAD_LETTER_SUBJECTS, streamName, streamSubjects, type Domain } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';

/** How much the streams keep. Limits retention with discard=new: a full stream refuses events, which then wait in the outbox. */
export interface StreamLimits {
  /** Bytes per stream of events; the dead-letter stream gets a quarter. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** 1, or 3 in a cluster. */
  readonly replicas: number;
}

export const DEFAULT_LIMITS: StreamLimits = { maxBytes: 256 * 1024 * 1024, maxAgeMs: 30 * 86_400_000, replicas: 1 };

// JetStream's default; the inbox is the authority on duplicates, this only saves their delivery.
const DEDUPE_MS = 120_000;
const nanos = (ms: number): number => ms * 1_000_000;

type Wanted = Pick<StreamConfig, 'name' | 'subjects' | 'retention' | 'storage' | 'discard' | 'max_bytes' | 'max_age' | 'duplicate_window' | 'num_replicas' | 'description'>;

/** Properties that the server changes in place; the others would need a new stream. */
const CHANGEABLE = ['subjects', 'discard', 'max_bytes', 'max_age', 'duplicate_window', 'num_replicas', 'description'] as const satisfies readonly (keyof Wanted)[];
const FIXED = ['retention', 'storage'] as const satisfies readonly (keyof Wanted)[];

/** The stream that holds a domain's events. */
export function eventStream(domain: Domain, limits: StreamLimits): Wanted {
  return stream(streamName(domain), streamSubjects(domain), `Events of the domain ${domain}.`, limits.maxBytes, limits);
}

/** The stream for messages that no further delivery can help. */
export function deadLetterStream(limits: StreamLimits): Wanted {
  const wanted = stream(DEAD_LETTER_STREAM, DEAD_LETTER_SUBJECTS, 'Messages that could not be handled.', Math.ceil(limits.maxBytes / 4), limits);
  // The service that gave a message up has it in its own table: a full stream must not keep it from giving up the next.
  return { ...wanted, discard: DiscardPolicy.Old };
}

function stream(name: string, subjects: readonly string[], description: string, maxBytes: number, limits: StreamLimits): Wanted {
  return {
    name,
    subjects: [...subjects],
    description,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_bytes: maxBytes,
    max_age: nanos(limits.maxAgeMs),
    duplicate_window: nanos(Math.min(DEDUPE_MS, limits.maxAgeMs)),
    num_replicas: limits.replicas,
  };
}

/**
 * Makes a stream be as wanted: creates it when missing, changes what differs if `mayChange`, and refuses what can't be changed in place.
 * Two services doing this at once get the same stream.
 */
export async function ensureStream(manager: JetStreamManager, wanted: Wanted, mayChange: boolean, logger: Logger): Promise<void> {
  const found = await find(manager, wanted.name);
  if (!found) {
    await manager.streams.add(wanted);
    logger.info({ stream: wanted.name }, 'stream created');
    return;
  }
  const fixed = FIXED.filter((key) => found.config[key] !== wanted[key]);
  if (fixed.length > 0) {
    const facts = fixed.map((key) => `${key} is ${String(found.config[key])}, wanted ${String(wanted[key])}`);
    throw new PermanentError('stream_conflict', `The stream ${wanted.name} can't be changed in place: ${facts.join('; ')}.`, {
      remedy: 'Copy its messages to a new stream of that name, or restore the setting.',
    });
  }
  const changed = CHANGEABLE.filter((key) => JSON.stringify(found.config[key]) !== JSON.stringify(wanted[key]));
  if (changed.length === 0 || !mayChange) return;
  await manager.streams.update(wanted.name, Object.fromEntries(changed.map((key) => [key, wanted[key]])));
  logger.info({ stream: wanted.name, changed }, 'stream changed');
}

async function find(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (isMissingStream(error)) return undefined;
    throw error;
  }
}

/** True when the error says that there is no such stream. */
export function isMissingStream(error: unknown): boolean {
  return isApiError(error, 10_059);
}

/** True for JetStream's error of this number (nats-server, errors.json). */
export function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.apiError().err_code === code;
}
