import type { AgentProfile } from '../agents/agent-profile.js';
import type { Greeting } from '../dialogue/dialogue-call.js';
import type { SpokenTurn, VoiceEngine } from '../engine/voice-engine.js';

/** What was got ready between the attach and the socket. */
export interface PreparedLeg {
  readonly profile: AgentProfile;
  readonly greeting: Greeting;
  readonly history: readonly SpokenTurn[];
  readonly turnsBefore: number;
  /** Turns of the past that `history` was made of. */
  readonly pastTurns: number;
  /** Connecting already. */
  readonly engine: VoiceEngine | undefined;
}

const WAIT_MS = 15_000;

/** Legs attached here whose sockets haven't come. A socket that reaches another replica finds nothing here and gets ready there; what waits in vain is closed. */
export class PreparedLegs {
  private readonly legs = new Map<string, { readonly leg: PreparedLeg; readonly callId: string; readonly timer: NodeJS.Timeout }>();

  put(legId: string, callId: string, leg: PreparedLeg): void {
    this.drop(legId);
    const timer = setTimeout(() => this.drop(legId), WAIT_MS);
    this.legs.set(legId, { leg, callId, timer });
  }

  /** The call's conversation is over: a connection to the provider is waited for by nobody. */
  forget(callId: string): void {
    for (const [legId, waiting] of this.legs) if (waiting.callId === callId) this.drop(legId);
  }

  get size(): number {
    return this.legs.size;
  }

  take(legId: string): PreparedLeg | undefined {
    const waiting = this.legs.get(legId);
    if (waiting === undefined) return undefined;
    clearTimeout(waiting.timer);
    this.legs.delete(legId);
    return waiting.leg;
  }

  clear(): void {
    for (const legId of this.legs.keys()) this.drop(legId);
  }

  private drop(legId: string): void {
    this.take(legId)?.engine?.close();
  }
}
