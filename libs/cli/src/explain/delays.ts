import { numberIn, ofType, textIn, type Story } from './story.js';

/** What a delay is between, by a word that programs can rely on. */
export type DelayName = 'arrival_to_answer' | 'arrival_to_agent' | 'answer_to_agent' | 'question_to_answer' | 'interruption_to_silence' | 'waiting_to_person' | 'queue' | 'provider_silent' | 'recording_to_file';

export interface Delay {
  readonly name: DelayName;
  readonly ms: number;
  /** What it may cost (docs/architecture.md, the reference's section 7); undefined where nothing is promised. */
  readonly budgetMs?: number;
  /** Which of several: the turn's number, the queue. */
  readonly which?: string;
}

/** INVITE to the agent's first audio, and "the caller speaks" to silence. */
const FIRST_AUDIO_MS = 250;
const SILENCE_MS = 20;

export const isSlow = ({ ms, budgetMs }: Delay): boolean => budgetMs !== undefined && ms > budgetMs;

/** The delays of a call that its events tell, in the order of a call. Pure. */
export function delaysOf(story: Pick<Story, 'events'>): Delay[] {
  const [started] = ofType(story, 'CallStarted');
  const [answered] = ofType(story, 'CallAnswered');
  const agentTurns = ofType(story, 'TurnCompleted').filter(({ data }) => data['role'] === 'agent');
  // A turn is told when it is over; it began as much earlier as was heard of it.
  const firstWord = agentTurns.map(({ at, data }) => at - (numberIn(data, 'tookMs') ?? 0))[0];
  const delays: (Delay | undefined)[] = [
    started && answered && { name: 'arrival_to_answer', ms: positive(answered.at - started.at) },
    started && firstWord !== undefined ? { name: 'arrival_to_agent', ms: positive(firstWord - started.at), ...(started.data['direction'] === 'outbound' ? {} : { budgetMs: FIRST_AUDIO_MS }) } : undefined,
    answered && firstWord !== undefined ? { name: 'answer_to_agent', ms: positive(firstWord - answered.at) } : undefined,
    ...agentTurns.map(({ data }) => some('question_to_answer', numberIn(data, 'latencyMs'), numberIn(data, 'turn'))),
    ...ofType(story, 'AgentInterrupted').map(({ data }) => some('interruption_to_silence', numberIn(data, 'toSilenceMs'), numberIn(data, 'turn'), SILENCE_MS)),
    ...ofType(story, 'EngineChanged').map(({ data }) => some('provider_silent', numberIn(data, 'silentMs') || undefined, textIn(data, 'how'))),
    ...ofType(story, 'QueueLeft').map(({ data }) => some('queue', numberIn(data, 'waitedMs'), textIn(data, 'queue'))),
    ...handovers(story),
    ...ofType(story, 'RecordingReady').map(({ at, data }) => sinceEnd(story, at, textIn(data, 'recordingId'))),
  ];
  return delays.filter((delay) => delay !== undefined);
}

/** From the wish for a person, whoever had it, to both hearing each other. */
function handovers(story: Pick<Story, 'events'>): Delay[] {
  const wishes = [...ofType(story, 'HandoffRequested'), ...ofType(story, 'CallTransferred'), ...ofType(story, 'CallQueued')].toSorted((a, b) => a.at - b.at);
  let from = -Infinity;
  return ofType(story, 'AgentConnected').flatMap(({ at, data }) => {
    const wish = wishes.find((each) => each.at > from && each.at <= at);
    from = at;
    return wish ? [{ name: 'waiting_to_person', ms: at - wish.at, which: textIn(data, 'extension') ?? '' }] : [];
  });
}

function sinceEnd(story: Pick<Story, 'events'>, at: number, which: string | undefined): Delay | undefined {
  const [ended] = ofType(story, 'CallEnded');
  return ended && at >= ended.at ? some('recording_to_file', at - ended.at, which) : undefined;
}

function some(name: DelayName, ms: number | undefined, which: string | number | undefined, budgetMs?: number): Delay | undefined {
  return ms === undefined ? undefined : { name, ms, ...(budgetMs !== undefined && { budgetMs }), ...(which !== undefined && { which: String(which) }) };
}

const positive = (ms: number): number => Math.max(0, ms);
