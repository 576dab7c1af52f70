import { numberIn, ofType, textIn, type Story } from './story.js';

/** Something that a reader should know beside the events themselves. */
export type Finding =
  /** Nothing tells how the call began: the streams and the timeline keep it no longer, or it has not arrived. */
  | { readonly code: 'no_beginning' }
  | { readonly code: 'still_live'; readonly at: string }
  /** No end, and nobody to ask. */
  | { readonly code: 'end_unknown'; readonly reason: string }
  | { readonly code: 'end_not_told' }
  /** The end was found afterwards. */
  | { readonly code: 'gateway_was_away' }
  | { readonly code: 'edge_gap'; readonly ms: number | null }
  | { readonly code: 'served_by_fallback' }
  | { readonly code: 'voice_was_replaced'; readonly times: number }
  | { readonly code: 'provider_given_up'; readonly reason: string }
  | { readonly code: 'recording_missing'; readonly recordingId: string; readonly failed: boolean }
  | { readonly code: 'conversation_open' }
  | { readonly code: 'queue_open'; readonly queue: string }
  | { readonly code: 'tool_open'; readonly tool: string }
  | { readonly code: 'tool_failed'; readonly tool: string; readonly outcome: string }
  | { readonly code: 'no_ticket'; readonly queue: string }
  | { readonly code: 'api_away'; readonly reason: string }
  | { readonly code: 'bus_not_read' };

/** What follows a call's end is on its way for so long, ms. */
const SETTLES_MS = 15_000;

/** What is missing, failed or unusual in a call. Pure. */
export function findingsOf(story: Story, now: number): Finding[] {
  return [...beginning(story), ...ending(story), ...gaps(story), ...voice(story, now), ...leftOpen(story, now), ...sources(story)];
}

function beginning(story: Story): Finding[] {
  const [started] = ofType(story, 'CallStarted');
  if (ofType(story, 'CallRefused').length > 0) return [];
  if (!started) return [{ code: 'no_beginning' }];
  return started.data['viaFallback'] === true ? [{ code: 'served_by_fallback' }] : [];
}

function ending(story: Story): Finding[] {
  const [ended] = ofType(story, 'CallEnded');
  if (ended) return ended.data['recovered'] === true ? [{ code: 'gateway_was_away' }] : [];
  if (ofType(story, 'CallRefused').length > 0) return [];
  if (story.call === undefined) return [{ code: 'end_unknown', reason: story.apiTrouble ?? '' }];
  return story.call.state === 'ended' ? [{ code: 'end_not_told' }] : [{ code: 'still_live', at: story.call.at }];
}

/** Times in which nobody held the edge of the call. */
function gaps(story: Story): Finding[] {
  const lost = ofType(story, 'EdgeLost');
  return ofType(story, 'EdgeConnected').map(({ at }) => ({ code: 'edge_gap', ms: lost.filter((loss) => loss.at <= at).map((loss) => at - loss.at).at(-1) ?? null }));
}

function voice(story: Story, now: number): Finding[] {
  const started = ofType(story, 'ConversationStarted');
  const resumed = started.filter(({ data }) => data['resumed'] === true).length;
  const open = started.length > 0 && ofType(story, 'ConversationEnded').length === 0 && settled(story, now);
  const given = ofType(story, 'EngineChanged').filter(({ data }) => data['how'] === 'gave_up');
  const failed = ofType(story, 'ToolCompleted').filter(({ data }) => data['outcome'] !== 'ok');
  const done = new Set(ofType(story, 'ToolCompleted').map(({ data }) => data['toolRunId']));
  const running = settled(story, now) ? ofType(story, 'ToolCalled').filter(({ data }) => !done.has(data['toolRunId'])) : [];
  return [
    ...(resumed > 0 ? [{ code: 'voice_was_replaced', times: resumed } as const] : []),
    ...given.map(({ data }) => ({ code: 'provider_given_up', reason: textIn(data, 'reason') ?? '' }) as const),
    ...failed.map(({ data }) => ({ code: 'tool_failed', tool: textIn(data, 'tool') ?? '', outcome: textIn(data, 'outcome') ?? '' }) as const),
    ...running.map(({ data }) => ({ code: 'tool_open', tool: textIn(data, 'tool') ?? '' }) as const),
    ...(open ? [{ code: 'conversation_open' } as const] : []),
  ];
}

function leftOpen(story: Story, now: number): Finding[] {
  if (!settled(story, now)) return [];
  const ready = new Set(ofType(story, 'RecordingReady').map(({ data }) => data['recordingId']));
  const recordings = ofType(story, 'RecordingStarted').flatMap(({ data }): Finding[] => {
    const recordingId = textIn(data, 'recordingId') ?? '';
    const state = story.call?.recordings.find((each) => each.recordingId === recordingId)?.state;
    const failed = state === 'failed';
    // A message in which nothing was said leaves nothing.
    const unsaid = data['purpose'] === 'voicemail' && state !== 'recording';
    return ready.has(recordingId) || unsaid ? [] : [{ code: 'recording_missing', recordingId, failed }];
  });
  const left = ofType(story, 'QueueLeft');
  const open = ofType(story, 'CallQueued').slice(left.length).map(({ data }) => ({ code: 'queue_open', queue: textIn(data, 'queue') ?? '' }) as const);
  const untaken = left.filter(({ data }) => data['outcome'] !== 'connected');
  const unanswered = story.busRead && ofType(story, 'TicketOpened').length === 0 ? untaken.slice(0, 1).map(({ data }) => ({ code: 'no_ticket', queue: textIn(data, 'queue') ?? '' }) as const) : [];
  return [...recordings, ...open, ...unanswered];
}

function sources(story: Story): Finding[] {
  return [...(story.apiTrouble === undefined ? [] : [{ code: 'api_away', reason: story.apiTrouble } as const]), ...(story.busRead ? [] : [{ code: 'bus_not_read' } as const])];
}

/** Whether the call ended so long ago that what belongs to its end should be there. */
function settled(story: Story, now: number): boolean {
  const [ended] = ofType(story, 'CallEnded');
  return ended !== undefined && now - ended.at > SETTLES_MS;
}

/** How the call came out; undefined while that is not known. */
export function outcomeOf(story: Story): { readonly disposition: string; readonly endedBy: string; readonly cause: number; readonly durationMs: number } | undefined {
  const [ended] = ofType(story, 'CallEnded');
  if (!ended) return undefined;
  return { disposition: textIn(ended.data, 'disposition') ?? '', endedBy: textIn(ended.data, 'endedBy') ?? '', cause: numberIn(ended.data, 'cause') ?? 0, durationMs: numberIn(ended.data, 'durationMs') ?? 0 };
}
