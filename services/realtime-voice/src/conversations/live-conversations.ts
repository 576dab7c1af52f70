import type { Logger } from '@troncal/observability';
import type { Dialogue } from '../dialogue/dialogue.js';
import type { EndReason } from '../dialogue/journal.js';
import type { FactQueue } from './fact-queue.js';

/** A conversation whose media leg is connected to this process. */
export interface LiveConversation {
  readonly callId: string;
  readonly conversationId: string;
  readonly dialogue: Dialogue;
  readonly facts: FactQueue;
  /** Ends the media leg; its socket is closed in good order. */
  readonly hangLegUp: () => void;
  /** Runs work inside this call's error boundary. */
  readonly guard: (work: () => void) => void;
}

const TICK_MS = 50;
/** After its socket is gone a conversation waits so long for the gateway to say why, or to attach it again. */
const GRACE_MS = 5_000;

/** The calls of this process, by call id. One clock ticks for all of them, each within its own error boundary. */
export class LiveConversations {
  private readonly calls = new Map<string, LiveConversation>();
  private readonly orphans = new Map<string, NodeJS.Timeout>();
  private readonly writing = new Set<FactQueue>();
  private ticker: NodeJS.Timeout | undefined;

  constructor(private readonly logger: Logger) {}

  get(callId: string): LiveConversation | undefined {
    return this.calls.get(callId);
  }

  get size(): number {
    return this.calls.size;
  }

  add(live: LiveConversation): void {
    this.calls.set(live.callId, live);
    this.writing.add(live.facts);
    this.ticker ??= setInterval(() => this.tick(), TICK_MS);
  }

  /** Ends a conversation of this process; false when it isn't here. */
  end(callId: string, reason: EndReason): boolean {
    const live = this.take(callId);
    if (live === undefined) return false;
    live.guard(() => live.dialogue.end(reason));
    live.hangLegUp();
    return true;
  }

  /** Lets go of a conversation that another leg takes up: it isn't over. Resolves when what it said is written, or after a while. */
  async release(callId: string): Promise<void> {
    const live = this.take(callId);
    if (live === undefined) return;
    live.guard(() => live.dialogue.release());
    live.hangLegUp();
    await live.facts.settled(500);
  }

  /** The socket of this very conversation is gone and nobody has said why yet. */
  lost(live: LiveConversation, fault: string | undefined): void {
    if (this.calls.get(live.callId) !== live) return;
    live.guard(() => live.dialogue.mediaLost());
    if (fault !== undefined) this.logger.warn({ callId: live.callId, fault }, 'the media leg of a call was closed');
    this.orphans.set(live.callId, setTimeout(() => this.end(live.callId, 'media_lost'), GRACE_MS));
  }

  /** The process ends: every leg is closed without the conversation being over, so that the gateway attaches it elsewhere. */
  async handOver(ms: number): Promise<void> {
    const live = [...this.calls.values()];
    for (const one of live) {
      this.take(one.callId);
      one.guard(() => one.dialogue.release());
      one.hangLegUp();
    }
    if (this.ticker !== undefined) clearInterval(this.ticker);
    this.ticker = undefined;
    await Promise.all([...this.writing].map(async (facts) => (await facts.settled(ms)) || facts.abandon()));
  }

  private take(callId: string): LiveConversation | undefined {
    const live = this.calls.get(callId);
    this.calls.delete(callId);
    clearTimeout(this.orphans.get(callId));
    this.orphans.delete(callId);
    if (live !== undefined) void live.facts.settled(600_000).then(() => this.writing.delete(live.facts));
    return live;
  }

  private tick(): void {
    for (const live of this.calls.values()) live.guard(() => live.dialogue.tick());
    if (this.calls.size > 0) return;
    clearInterval(this.ticker);
    this.ticker = undefined;
  }
}
