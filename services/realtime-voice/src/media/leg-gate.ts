import { withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { G711 } from '../engine/voice-engine.js';
import type { MediaLeg } from './media-leg.js';

/** What the servers ask of the rest: whose leg this is, and who takes it. */
export interface LegOwner<Claim extends { readonly format: G711 }> {
  /** It takes no more legs: it drains. */
  readonly leaving: boolean;
  /** Takes the leg, once; undefined for one that is unknown, used or over. */
  claim(legId: string): Promise<Claim | undefined>;
  /** The leg is there. Must set its handlers before it returns. */
  accept(leg: MediaLeg, claim: Claim): void;
  /** A leg was taken and its connection left before it was admitted. */
  abandon(claim: Claim): void;
}

const CLAIM_WITHIN_MS = 900;

/** Lets legs of all kinds in: each once, so many at a time, and none that waits for the database longer than Asterisk waits for us (Twilio waits longer). */
export class LegGate<Claim extends { readonly format: G711 }> {
  private legs = 0;

  constructor(
    readonly maxLegs: number,
    private readonly owner: LegOwner<Claim>,
    private readonly logger: Logger,
  ) {}

  /** No leg may come in now; another replica may have room. */
  get full(): boolean {
    return this.owner.leaving || this.legs >= this.maxLegs;
  }

  /** The leg's claim; `unknown` for one that is unknown, used or over, `late` when that could not be found out in time. */
  async claim(legId: string): Promise<Claim | 'unknown' | 'late'> {
    const asked = this.owner.claim(legId);
    try {
      const claim = await withDeadline(asked, CLAIM_WITHIN_MS, `the claim of media leg ${legId}`);
      if (claim !== undefined) return claim;
      this.logger.warn({ legId }, 'a media connection came for a leg that is unknown, used or over');
      return 'unknown';
    } catch (error) {
      this.logger.warn({ err: error, legId }, 'a media leg could not be looked up in time');
      asked.then((late) => late && this.owner.abandon(late)).catch(() => {});
      return 'late';
    }
  }

  /** Hands a leg over, and counts it until `left`. */
  admit(leg: MediaLeg, claim: Claim): void {
    this.legs += 1;
    leg.guard(() => this.owner.accept(leg, claim));
  }

  left(): void {
    this.legs -= 1;
  }

  /** The connection of a claimed leg left before it could be admitted. */
  abandon(legId: string, claim: Claim): void {
    this.logger.warn({ legId }, 'a media connection left before it was admitted');
    this.owner.abandon(claim);
  }
}
