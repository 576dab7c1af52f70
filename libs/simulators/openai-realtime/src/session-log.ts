/** One event of a session, audio elided. */
export interface LoggedEvent {
  readonly at: string;
  readonly direction: 'received' | 'sent';
  readonly type: string;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface LoggedSession {
  readonly number: number;
  readonly openedAt: string;
  readonly model: string;
  closed: { readonly at: string; readonly code: number; readonly reason: string } | undefined;
  /** Bytes of caller audio received and agent audio sent, on the wire, decoded. */
  audio: { receivedBytes: number; sentBytes: number; appends: number; deltas: number };
  /** All events but audio appends and deltas, oldest first, the last 500. */
  readonly events: LoggedEvent[];
}

const KEPT_SESSIONS = 100;
const KEPT_EVENTS = 500;

/** What happened on the sessions, for tests to look at. Audio is counted, not kept. */
export class SessionLog {
  private sessions: LoggedSession[] = [];
  private counter = 0;

  open(model: string): LoggedSession {
    this.counter += 1;
    const session: LoggedSession = { number: this.counter, openedAt: new Date().toISOString(), model, closed: undefined, audio: { receivedBytes: 0, sentBytes: 0, appends: 0, deltas: 0 }, events: [] };
    this.sessions.push(session);
    if (this.sessions.length > KEPT_SESSIONS) this.sessions.shift();
    return session;
  }

  all(): readonly LoggedSession[] {
    return this.sessions;
  }

  reset(): void {
    this.sessions = [];
  }
}

/** Adds one event; audio is only counted. */
export function logEvent(session: LoggedSession, direction: LoggedEvent['direction'], event: Readonly<Record<string, unknown>>): void {
  const type = String(event['type']);
  if (type === 'input_audio_buffer.append') {
    session.audio.appends += 1;
    session.audio.receivedBytes += bytesOf(event['audio']);
    return;
  }
  if (type === 'response.output_audio.delta') {
    session.audio.deltas += 1;
    session.audio.sentBytes += bytesOf(event['delta']);
    return;
  }
  session.events.push({ at: new Date().toISOString(), direction, type, event: structuredClone(event) });
  if (session.events.length > KEPT_EVENTS) session.events.shift();
}

function bytesOf(base64: unknown): number {
  return typeof base64 === 'string' ? Math.floor((base64.length * 3) / 4) : 0;
}
