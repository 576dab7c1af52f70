import { TroncalError, type ErrorFacts } from '@troncal/kernel';

/** What is known about a command that failed. */
export interface AriFailure {
  /** `channels.answer`. */
  readonly operation: string;
  /** Asterisk's HTTP status; null when there was no answer. */
  readonly ariStatus: number | null;
  /** Asterisk's own words, or the socket's. */
  readonly said: string;
}

/**
 * A command that Asterisk refused or didn't answer. `ariStatus` and `said` are what Asterisk answered; `retryable` is true for 5xx and for no
 * answer at all. `status` (for our own APIs) is 502, or 503 when Asterisk can't be reached.
 */
export class AriError extends TroncalError {
  readonly operation: string;
  readonly ariStatus: number | null;
  readonly said: string;
  readonly retryable: boolean;

  constructor(code: string, failure: AriFailure, facts: ErrorFacts = {}) {
    const answer = failure.ariStatus === null ? failure.said : `${failure.ariStatus} ${failure.said}`;
    super(code, `Asterisk: ${failure.operation}: ${answer}`, { ...facts, details: { ...facts.details, ...failure } }, failure.ariStatus === null ? 503 : 502);
    this.operation = failure.operation;
    this.ariStatus = failure.ariStatus;
    this.said = failure.said;
    this.retryable = failure.ariStatus === null || failure.ariStatus >= 500;
  }
}

/** The channel that the command named isn't there any more (or never was): its party hung up. Normal in telephony; settle the leg. */
export class ChannelGoneError extends AriError {
  constructor(
    readonly channelId: string,
    failure: AriFailure,
  ) {
    super('channel_gone', failure, { details: { channelId }, remedy: 'Treat the leg as hung up; its ChannelDestroyed tells the cause if the application was subscribed to it.' });
  }
}

/**
 * The channel exists but isn't (or not yet, or no longer) in a Stasis application: an externalMedia or originated channel before its
 * StasisStart, or one that has been sent back to the dialplan.
 */
export class ChannelNotInStasisError extends AriError {
  constructor(failure: AriFailure) {
    super('channel_not_in_stasis', failure, { remedy: 'Wait for its StasisStart with whenChannelEnters(id) before adding it to a bridge or playing to it.' });
  }
}

/** No answer: Asterisk is away, the connection broke, or the deadline passed. Whether the command was carried out is unknown. */
export class AriUnreachableError extends AriError {
  constructor(operation: string, said: string, cause?: unknown) {
    super('ari_unreachable', { operation, ariStatus: null, said }, {
      cause,
      remedy: 'Whether it was carried out is unknown: after the next connection reconcile() shows what is there.',
    });
  }
}

/** True when the thing the command named (channel, bridge, playback, recording) isn't there. */
export function isGone(error: unknown): boolean {
  return error instanceof ChannelGoneError || (error instanceof AriError && error.ariStatus === 404);
}

/** Asterisk's answer as one of our errors. */
export function refusal(operation: string, path: string, ariStatus: number, body: string): AriError {
  const said = wordsOf(body);
  const failure = { operation, ariStatus, said };
  const channelId = /^\/channels\/([^/]+)/.exec(path)?.[1];
  if (ariStatus === 404 && channelId && channelId !== 'create' && channelId !== 'externalMedia') return new ChannelGoneError(decodeURIComponent(channelId), failure);
  // addChannel says 400 for a channel that isn't there and 422 for one outside Stasis (22.10, client.spec).
  if (ariStatus === 400 && /channel not found/i.test(said)) return new ChannelGoneError(channelOfBridgeCommand(path) ?? '', failure);
  if ((ariStatus === 409 || ariStatus === 422) && /not in.*stasis/i.test(said)) return new ChannelNotInStasisError(failure);
  if (ariStatus === 401) return new AriError('ari_unauthorized', failure, { remedy: 'Compare the ARI user and password with ari.conf of this edge.' });
  if (ariStatus === 503) return new AriError('ari_not_ready', failure, { remedy: 'Asterisk is still starting or shutting down; try again in a second.' });
  return new AriError('ari_refused', failure, { remedy: remedyFor(ariStatus) });
}

function channelOfBridgeCommand(path: string): string | undefined {
  return new URLSearchParams(path.split('?')[1] ?? '').get('channel') ?? undefined;
}

function remedyFor(status: number): string {
  if (status === 404) return 'It is gone; drop what refers to it.';
  if (status === 409 || status === 412) return 'The state changed meanwhile; read it again before deciding.';
  if (status >= 500) return "Asterisk's log says why; the module that serves this may not be loaded.";
  return 'The arguments are wrong for this Asterisk; see its message.';
}

/** ARI answers `{"message": "…"}` (or `error`); anything else is cut short and shown. */
function wordsOf(body: string): string {
  try {
    const parsed = JSON.parse(body) as { message?: unknown; error?: unknown };
    if (typeof parsed.message === 'string') return parsed.message;
    if (typeof parsed.error === 'string') return parsed.error;
  } catch {
    // Not JSON: an HTML page of Asterisk's HTTP server.
  }
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, 200) || 'no message';
}
