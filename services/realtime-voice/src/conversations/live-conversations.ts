import type { Logger } from '@troncal/observability';
import type { Dialogue } from '../dialogue/dialogue.js';
import type { EndReason } from '../dialogue/journal.js';
import type { FactQueue } from './fact-queue.js';

/** A conversation whose media leg is connected to this process. */
export interface LiveConversation {
  readonly callId: string;
  readonly conversationId: string;
  readonly legId: string;
  /** Its leg ends by itself: no gateway takes it elsewhere. */
  readonly streamed: boolean;
  readonly dialogue: Dialogue;
  readonly facts: FactQueue;
  /** Ends the media leg; its connection is closed in good order. */
  readonly hangLegUp: (reason: string) => void;
  /** Runs work inside this call's error boundary. */
  readonly guard: (work: () => void) => void;
}

/** What letting go of a call came to. */
export interface LetGo {
  /** Its conversation was live here. */
  readonly here: boolean;
  /** All that was said here is in the database. */
  readonly written: boolean;
}

const TICK_MS = 50;
/** After its leg is gone a conversation waits so long for the gateway to say why, or to attach it again. */
const GRACE_MS = 5_000;

/** The calls of this process, by call id. One clock ticks for all of them, each within its own error boundary. */
export class LiveConversations {
  private readonly calls = new Map<string, LiveConversation>();
  private readonly orphans = new Map<string, NodeJS.Timeout>();
  /** Journals that may have something to write, also of calls that have left. */
  private readonly writing = new Map<string, FactQueue>();
  private ticker: NodeJS.Timeout | undefined;

  constructor(private readonly logger: Logger) {}

  get(callId: string): LiveConversation | undefined {
    return this.calls.get(callId);
  }

  get size(): number {
    return this.calls.size;
  }

  /** Calls whose journal isn't written yet, and legs waited for: zero when nothing is going on. */
  get pending(): number {
    return this.writing.size + this.orphans.size;
  }

  all(): readonly LiveConversation[] {
    return [...this.calls.values()];
  }

  add(live: LiveConversation): void {
    this.calls.set(live.callId, live);
    this.writing.set(live.callId, live.facts);
    this.ticker ??= setInterval(() => this.tick(), TICK_MS);
  }

  /**
   * Lets go of a call: its conversation is over when a reason is given, else another leg takes it up. Resolves when what was said is written,
   * at the latest after `withinMs`; also for a call that has left and whose journal is still being written.
   */
  async letGo(callId: string, over: EndReason | undefined, withinMs: number): Promise<LetGo> {
    const here = this.leave(callId, over, over === undefined ? 'taken up elsewhere' : 'the conversation is over');
    const facts = this.writing.get(callId);
    return { here, written: facts === undefined || (await facts.settled(withinMs)) };
  }

  /** The leg of this very conversation is gone and nobody has said why yet. */
  lost(live: LiveConversation, fault: string | undefined): void {
    if (this.calls.get(live.callId) !== live) return;
    live.guard(() => live.dialogue.mediaLost());
    if (fault !== undefined) this.logger.warn({ callId: live.callId, fault }, 'the media leg of a call was closed');
    this.orphans.set(live.callId, setTimeout(() => this.leave(live.callId, 'media_lost', 'nobody took it up'), GRACE_MS));
  }

  /** The process ends: every leg is closed without the conversation being over, so that the gateway attaches it elsewhere. */
  async handOver(ms: number): Promise<void> {
    for (const callId of this.calls.keys()) this.leave(callId, undefined, 'handing over');
    if (this.ticker !== undefined) clearInterval(this.ticker);
    this.ticker = undefined;
    await Promise.all([...this.writing.values()].map(async (facts) => (await facts.settled(ms)) || facts.abandon()));
  }

  private leave(callId: string, over: EndReason | undefined, why: string): boolean {
    const live = this.calls.get(callId);
    if (live === undefined) return false;
    this.calls.delete(callId);
    clearTimeout(this.orphans.get(callId));
    this.orphans.delete(callId);
    live.guard(() => (over === undefined ? live.dialogue.release() : live.dialogue.end(over)));
    live.hangLegUp(why);
    void live.facts.idle().then(() => {
      if (this.writing.get(callId) === live.facts && !this.calls.has(callId)) this.writing.delete(callId);
    });
    return true;
  }

  private tick(): void {
    for (const live of this.calls.values()) live.guard(() => live.dialogue.tick());
    if (this.calls.size > 0) return;
    clearInterval(this.ticker);
    this.ticker = undefined;
  }
}
