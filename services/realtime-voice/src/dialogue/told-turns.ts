import type { VoiceEngine } from '../engine/voice-engine.js';
import type { Turn } from './transcript.js';

/**
 * What the session in the seat knows of the agent's utterances. Those it makes it knows. One that was made by nobody (a cached greeting) or by
 * the session before, and is still being heard, it is told; and when the caller then hears less of it, it is told again.
 */
export class ToldTurns {
  private readonly made = new Set<string>();
  private readonly told = new Set<string>();

  /** The session in the seat makes this item. */
  makes(item: string): void {
    this.made.add(item);
  }

  /** The items that the session in the seat made and can correct by itself. */
  ownItems(): ReadonlySet<string> {
    return new Set(this.made);
  }

  /** Another session sits in the seat: it learns of the agent's turns that are still being heard. */
  taken(open: readonly Turn[], engine: VoiceEngine): void {
    this.made.clear();
    this.told.clear();
    for (const turn of open) {
      if (turn.text === '' || turn.number === 0) continue;
      this.told.add(turn.item);
      engine.note({ role: 'agent', text: turn.text }, idOf(turn));
    }
  }

  /** A turn of the agent is over. */
  over(turn: Turn, engine: VoiceEngine): void {
    if (this.made.delete(turn.item)) return;
    const knows = this.told.delete(turn.item);
    if (knows && turn.heard === undefined) return;
    if (knows) engine.forget(idOf(turn));
    const text = turn.heard ?? turn.text;
    if (text !== '') engine.note({ role: 'agent', text });
  }
}

/** The service takes ids of at most 32 characters. */
const idOf = (turn: Turn): string => `told_${turn.number}`;
