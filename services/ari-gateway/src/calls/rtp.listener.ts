import type { AmiClient, AmiMessage, Unsubscribe } from '@troncal/ari';
import type { CallQualities } from './call-qualities.js';
import type { CallRegistry } from './call-registry.js';
import { readLegRtp } from './leg-rtp.js';

/** How audio of legs was, as the dialplan tells it over AMI at their end. The call may be over by then: it lingers in memory for it. */
export class RtpListener {
  private stopListening: Unsubscribe = () => {};

  constructor(
    private readonly ami: AmiClient,
    private readonly registry: CallRegistry,
    private readonly qualities: CallQualities,
  ) {}

  start(): void {
    this.stopListening = this.ami.onEvent((event) => {
      if (event.event === 'UserEvent' && event.get('UserEvent') === 'TroncalRtp') this.take(event);
    });
  }

  stop(): void {
    this.stopListening();
  }

  private take(event: AmiMessage): void {
    const channelId = event.get('Uniqueid') ?? '';
    const call = this.registry.ofChannel(channelId)?.call;
    const leg = call?.legs.find((each) => each.channelId === channelId);
    const rtp = readLegRtp((header) => event.get(header));
    if (call && leg && rtp) this.qualities.tellSoon(call, leg, rtp);
  }
}
