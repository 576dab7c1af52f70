import type { LegReport } from '@troncal/media-protocols';
import type { EndReason } from '../dialogue/journal.js';
import type { SpokenTurn } from '../engine/voice-engine.js';
import type { CallControl } from '../tools/call-tools.js';
import type { LegOutcome } from './conversation.js';
import { digestOf } from './digest.js';
import type { LegOutcomes } from './leg-outcomes.js';

/** The provider's summary is waited for within the deadline of the tool that wants it. */
const SUMMARY_MS = 650;

/** What a stream leg needs of its dialogue. */
export interface StreamedDialogue {
  history(): SpokenTurn[];
  summarise(deadlineMs: number): Promise<string>;
  agentHungUp(): void;
}

/** What a stream leg does with the call around it. */
export interface StreamSurroundings {
  readonly legId: string;
  /** The keys that end it. */
  readonly digits: readonly string[];
  readonly dialogue: () => StreamedDialogue;
  /** A person is wanted: to be told. */
  readonly wanted: (wish: { readonly reason: string; readonly summary: string | undefined }) => void;
  /** Ends the conversation; the leg is closed when `LegOutcomes.written`. */
  readonly end: (over: EndReason) => void;
}

/**
 * A leg with no gateway beside it: what ends the agent's part is decided here, and told to whoever asks afterwards. Each end silences the agent at once;
 * the first one holds.
 */
export class StreamLeg implements CallControl {
  private over = false;

  constructor(
    private readonly around: StreamSurroundings,
    private readonly outcomes: LegOutcomes,
  ) {}

  /** True for a report that ended the leg; any other is the dialogue's. A key leads to a person or to another step, as on Asterisk's legs. */
  takes(report: LegReport): boolean {
    if (report.kind === 'gone') this.end({ outcome: 'caller_gone' }, 'call_ended');
    else if (report.kind === 'digit' && this.around.digits.includes(report.digit)) this.end({ outcome: 'digit', digit: report.digit, summary: digestOf(this.around.dialogue().history()) }, 'handoff');
    else return false;
    return true;
  }

  /** The provider can't be had: the route knows better what to do than a fixed sentence. */
  gaveUp(reason: string): void {
    this.soon({ outcome: 'failed', reason, summary: digestOf(this.around.dialogue().history()) }, 'failed');
  }

  async handOff(wish: { readonly reason: string; readonly summary: string | undefined }): Promise<{ readonly accepted: boolean }> {
    this.around.wanted(wish);
    const dialogue = this.around.dialogue();
    const summary = wish.summary ?? (await dialogue.summarise(SUMMARY_MS).catch(() => digestOf(dialogue.history())));
    this.soon({ outcome: 'handoff', summary, reason: wish.reason }, 'handoff');
    return { accepted: true };
  }

  hangUp(reason: string): Promise<void> {
    this.around.dialogue().agentHungUp();
    this.soon({ outcome: 'ended', ...(reason === '' ? {} : { reason }) }, 'call_ended');
    return Promise.resolve();
  }

  /** After what is being done has been done: a tool's end is told before the conversation's. */
  private soon(outcome: LegOutcome, over: EndReason): void {
    this.outcomes.settle(this.around.legId, outcome);
    setImmediate(() => this.end(outcome, over));
  }

  private end(outcome: LegOutcome, over: EndReason): void {
    if (this.over) return;
    this.over = true;
    this.outcomes.settle(this.around.legId, outcome);
    this.around.end(over);
  }
}
