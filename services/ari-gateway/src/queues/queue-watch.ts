import type { AriClient, Bridge } from '@troncal/ari';
import { errorText } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CallActor } from '../calls/call-actor.js';
import type { CallRegistry } from '../calls/call-registry.js';
import { farHalfOf } from '../calls/drive/leg-dialler.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';

const LOOK_AGAIN_MS = 2_000;

/**
 * Looks whether a caller in a queue talks with somebody already. AMI tells so as it happens, but what it told while we were away is lost, and a
 * queue's timeout that is believed then would tear two people apart.
 */
export class QueueWatch {
  constructor(
    private readonly ari: AriClient,
    private readonly registry: CallRegistry,
    private readonly directory: TenantDirectory,
    private readonly edgeId: string,
    private readonly logger: Logger,
  ) {}

  /** After a connection came back: every call that waits. */
  async lookAtAll(): Promise<void> {
    const waiting = this.registry.live(this.edgeId).filter((actor) => actor.call.flow?.phase === 'queue');
    if (waiting.length === 0) return;
    const bridges = await this.ari.bridges.list();
    await Promise.all(waiting.map((actor) => this.connected(actor, bridges)));
  }

  /** A queue's time is up: the call is told so, unless the caller talks with somebody. */
  async timedOut(callId: string, step: number): Promise<void> {
    const actor = this.registry.find(callId);
    if (!actor || actor.call.flow?.step !== step) return;
    try {
      if (!(await this.connected(actor, await this.ari.bridges.list()))) actor.tell({ kind: 'queue_timeout', step });
    } catch (error) {
      this.logger.warn({ call: callId, reason: errorText(error) }, 'a queue’s timeout waits for the edge to tell whether somebody has answered');
      setTimeout(() => void this.timedOut(callId, step), LOOK_AGAIN_MS).unref();
    }
  }

  private async connected(actor: CallActor, bridges: readonly Bridge[]): Promise<boolean> {
    const { flow, legs } = actor.call;
    const leg = legs.find((each) => each.kind === 'queue' && each.state !== 'ended' && each.step === flow?.step);
    if (!leg) return false;
    const farHalf = farHalfOf(leg.channelId);
    const bridge = bridges.find((each) => each.channels.includes(farHalf));
    const member = bridge?.channels.find((channel) => channel !== farHalf);
    if (member === undefined) return false;
    const name = (await this.ari.channels.get({ channelId: member })).name;
    const sipUser = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(name)?.[1] ?? name;
    await actor.ask({ kind: 'queue_connected', legId: leg.legId, extension: this.directory.endpointOfSipUser(sipUser)?.extension ?? sipUser });
    return true;
  }
}
