import { AttachV1, LegOutcomeV1 } from '@troncal/contracts';
import { newCallId, newLegId } from '@troncal/kernel';
import type { z } from 'zod';
import { FakeTwilio } from './fake-twilio.js';
import type { VoiceReplicas } from './voice-replicas.js';

/**
 * A caller on Twilio's rail whom provisioning keeps: when a stream is over without the caller having hung up, Twilio asks what next, and provisioning asks
 * realtime-voice how the leg ended; a conversation that can be taken up is, on another stream.
 */
export class FollowedStream {
  readonly callId = newCallId();
  readonly peers: FakeTwilio[] = [];
  /** How the legs ended, in order. */
  readonly outcomes: z.output<typeof LegOutcomeV1.reply>[] = [];
  private over = false;
  private trouble: unknown;

  /** @param origin where the front door is */
  constructor(
    private readonly voices: VoiceReplicas,
    private readonly origin: string,
    private readonly agent = 'brief',
  ) {}

  /** @throws what kept the call from another stream */
  get peer(): FakeTwilio {
    if (this.trouble !== undefined) throw this.trouble;
    return this.peers.at(-1)!;
  }

  async begin(): Promise<this> {
    await this.attach(false);
    return this;
  }

  /** All that was heard since then, over all streams. */
  audio(fromMs = 0): Buffer {
    return Buffer.concat(this.peers.map((peer) => peer.audio(fromMs)));
  }

  hangUp(): void {
    this.over = true;
    this.peers.at(-1)?.hangUp();
  }

  private async attach(resume: boolean): Promise<void> {
    const legId = newLegId();
    await this.voices.askByProvisioning(AttachV1, { callId: this.callId, legId, tenant: 'demo', agent: this.agent, format: 'ulaw', language: 'es', caller: '+56912345678', called: '+56229145248', resume, digits: ['0'] }, { timeoutMs: 5_000 });
    const before = this.peers.at(-1);
    const peer = await FakeTwilio.connect(this.origin, { leg: legId });
    if (before !== undefined) peer.speak(before.unsaid());
    this.peers.push(peer);
    void peer.closed.then(() => this.goOn(legId)).catch((error: unknown) => (this.trouble = error));
  }

  private async goOn(leg: string): Promise<void> {
    if (this.over) return;
    // As provisioning does: the first to be asked may be the process whose end has ended the stream.
    const outcome = await this.voices.askByProvisioning(LegOutcomeV1, { leg }, { tries: 4 });
    this.outcomes.push(outcome);
    if (outcome.resumable) await this.attach(true);
  }
}
