import type { SpokenTurn } from '../engine/voice-engine.js';

/** One party's utterance. */
export interface Turn {
  /**
   * From 1, without a gap, in the order in which utterances began to be said: a hole would look like a turn that was lost. 0 for words of the agent of which
   * nothing has sounded: they may never be said.
   */
  number: number;
  readonly role: 'caller' | 'agent';
  /** As the engine calls it; changes when another session takes an open turn up. */
  item: string;
  text: string;
  /** What the caller heard, when that's less than the text. */
  heard: string | undefined;
  interrupted: boolean;
  /** Ms of audio generated so far (agent). */
  audioMs: number;
  readonly startedAt: number;
  tookMs: number;
  latencyMs: number | undefined;
  done: boolean;
}

/** Nobody speaks faster; keeps text that came ahead of its audio from counting as heard. */
const MOST_LETTERS_PER_SECOND = 28;

/** The part of a text that belongs to the first `heardMs` of `audioMs`: cut after the last whole word. */
export function heardPart(text: string, audioMs: number, heardMs: number): string {
  if (heardMs <= 0 || audioMs <= 0) return '';
  if (heardMs >= audioMs && (text.length * 1_000) / audioMs <= MOST_LETTERS_PER_SECOND) return text;
  const letters = Math.min((text.length * heardMs) / audioMs, (heardMs / 1_000) * MOST_LETTERS_PER_SECOND);
  if (letters >= text.length) return text;
  const end = text.lastIndexOf(' ', Math.floor(letters));
  return end <= 0 ? '' : text.slice(0, end);
}

/** Who said what, in order. Pure; the dialogue tells it and hears of each turn's completion once. */
export class Transcript {
  private readonly turns: Turn[] = [];
  private readonly open = new Set<Turn>();
  private numbered = 0;

  /** @param offset turns of the conversation before this process took it up */
  constructor(
    private readonly offset: number,
    private readonly onDone: (turn: Turn) => void,
  ) {}

  /** The turn of an item, begun if need be. */
  begin(role: Turn['role'], item: string, now: number): Turn {
    const known = this.find(item);
    if (known !== undefined) return known;
    const turn: Turn = { number: 0, role, item, text: '', heard: undefined, interrupted: false, audioMs: 0, startedAt: now, tookMs: 0, latencyMs: undefined, done: false };
    this.turns.push(turn);
    this.open.add(turn);
    if (role === 'caller') this.sounds(turn);
    return turn;
  }

  /** It is being said: from now on it counts. */
  sounds(turn: Turn): void {
    if (turn.number === 0) turn.number = this.offset + ++this.numbered;
  }

  find(item: string): Turn | undefined {
    return this.turns.findLast((turn) => turn.item === item);
  }

  /** Ends a turn; later calls for it do nothing. */
  finish(item: string, facts: { readonly tookMs: number; readonly heard?: string }): void {
    const turn = this.find(item);
    if (turn === undefined || turn.done) return;
    turn.tookMs = Math.max(0, Math.round(facts.tookMs));
    if (facts.heard !== undefined) {
      turn.heard = facts.heard;
      turn.interrupted = true;
    }
    turn.done = true;
    this.open.delete(turn);
    this.onDone(turn);
  }

  /** Turns of the caller whose text is still awaited. */
  openCallerTurns(): readonly Turn[] {
    return this.openTurns('caller');
  }

  /** Turns of the agent that are being made or heard. */
  openAgentTurns(): readonly Turn[] {
    return this.openTurns('agent');
  }

  /** An open turn goes on under another item: the session that heard it was replaced. */
  rename(turn: Turn, item: string): void {
    if (!turn.done) turn.item = item;
  }

  /** All turns so far as a person would be told them: what was heard, not what was meant. */
  spoken(): SpokenTurn[] {
    return told(this.turns);
  }

  /** As `spoken`, without the turns that are still open: an engine is told of those when they are over. */
  spokenWhole(): SpokenTurn[] {
    return told(this.turns.filter((turn) => turn.done));
  }

  /** Number of the latest turn, counting those before this process. */
  get count(): number {
    return this.offset + this.numbered;
  }

  private openTurns(role: Turn['role']): readonly Turn[] {
    return [...this.open].filter((turn) => turn.role === role);
  }
}

function told(turns: readonly Turn[]): SpokenTurn[] {
  return turns.map((turn) => ({ role: turn.role, text: turn.heard ?? turn.text })).filter((turn) => turn.text !== '');
}
