import { dbfs, decodeAlaw, decodeUlaw } from '@troncal/audio';
import type { G711 } from '../engine/voice-engine.js';

/** How fast the two levels follow the audio: about 300 ms of 20 ms frames. */
const FOLLOW = 0.15;
const FLOOR_DBFS = -60;

/**
 * Tells an echo of the agent's own voice from the caller's: a line without echo cancelling returns it weaker by some dB. Off unless a
 * profile gives the dB; then it costs one table look-up per sample.
 */
export class EchoGuard {
  private agentDbfs = FLOOR_DBFS;
  private callerDbfs = FLOOR_DBFS;
  private readonly decode: (bytes: Uint8Array) => Int16Array;

  constructor(
    private readonly guardDb: number | null,
    format: G711,
  ) {
    this.decode = format === 'ulaw' ? decodeUlaw : decodeAlaw;
  }

  agentSaid(audio: Uint8Array): void {
    if (this.guardDb !== null) this.agentDbfs = follow(this.agentDbfs, dbfs(this.decode(audio)));
  }

  callerSaid(frame: Uint8Array): void {
    if (this.guardDb !== null) this.callerDbfs = follow(this.callerDbfs, dbfs(this.decode(frame)));
  }

  /** True when what comes in now is so much quieter than the agent that it's rather the agent's echo. */
  isEcho(): boolean {
    return this.guardDb !== null && this.callerDbfs < this.agentDbfs - this.guardDb;
  }
}

function follow(level: number, next: number): number {
  // Up at once, down slowly: the gaps between words must not make a voice look quiet.
  return next > level ? next : level + (Math.max(next, FLOOR_DBFS) - level) * FOLLOW;
}
