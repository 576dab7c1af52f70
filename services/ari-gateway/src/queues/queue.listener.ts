import type { AmiClient, AmiMessage, Unsubscribe } from '@troncal/ari';
import { errorText } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CallRegistry } from '../calls/call-registry.js';
import { nearHalfOf } from '../calls/drive/leg-dialler.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { QueueWatch } from './queue-watch.js';

/** app_queue's own words for "there is nobody" (QUEUESTATUS, Asterisk 22); UNKNOWN is the dialplan's for a queue that doesn't exist. */
const NOBODY: ReadonlySet<string> = new Set(['UNKNOWN', 'JOINEMPTY', 'LEAVEEMPTY', 'JOINUNAVAIL', 'LEAVEUNAVAIL']);

/** What app_queue tells over AMI, as messages to the calls whose far halves wait in it. */
export class QueueListener {
  private stops: Unsubscribe[] = [];

  constructor(
    private readonly ami: AmiClient,
    private readonly registry: CallRegistry,
    private readonly directory: TenantDirectory,
    private readonly watch: QueueWatch,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.stops = [
      this.ami.onEvent((event) => this.take(event)),
      this.ami.onState(({ state }) => {
        if (state === 'connected') this.watch.lookAtAll().catch((error: unknown) => this.logger.warn({ reason: errorText(error) }, 'the callers in queues could not be looked at'));
      }),
    ];
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  private take(event: AmiMessage): void {
    const legId = nearHalfOf(event.get('Uniqueid') ?? '');
    if (legId === undefined) return;
    if (event.event === 'AgentConnect') return void this.registry.tellChannel(legId, { kind: 'queue_connected', legId, extension: this.extensionOf(event) });
    if (event.event !== 'UserEvent' || event.get('UserEvent') !== 'TroncalQueueLeft') return;
    this.registry.tellChannel(legId, { kind: 'queue_left', legId, outcome: NOBODY.has(event.get('Status') ?? '') ? 'no_members' : 'timeout' });
  }

  /** The member is a phone of ours: `PJSIP/demo_201`. */
  private extensionOf(event: AmiMessage): string {
    const member = event.get('Interface') ?? event.get('MemberName') ?? '';
    const sipUser = member.replace(/^PJSIP\//, '');
    return this.directory.endpointOfSipUser(sipUser)?.extension ?? sipUser;
  }
}
