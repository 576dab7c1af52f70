import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { CallFacts } from '../../rail-calls/call-facts.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import { CallNotes, party, type CallOwner } from '../flow/call-facts-of.js';
import { sipCodeIn, statusIn } from '../flow/dial-outcome.js';
import { readLegCallback, type LegFacts } from '../flow/leg-callback.js';
import { Settlements } from '../phone/settlements.js';
import { CALL_SID, callSidIn, countIn, parameter, type Webhook } from '../webhooks/webhook.js';
import { CallOwners } from './call-owners.js';
import { timeIn } from './twilio-time.js';

/** Of an ended leg. */
const OVER: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** What status callbacks and recordings tell, as facts. In whatever order, and however often, they come: each has a key of its own. */
@Injectable()
export class NoteStatus {
  constructor(
    private readonly owners: CallOwners,
    private readonly directory: VoiceDirectory,
    private readonly facts: CallFacts,
    private readonly settlements: Settlements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A call of our numbers or of our phones. */
  call(webhook: Webhook): void {
    const callSid = callSidIn(webhook);
    const status = statusIn(webhook);
    if (callSid === undefined || !status) return;
    const sequenceNumber = countIn(webhook, 'SequenceNumber');
    const durationS = countIn(webhook, 'CallDuration');
    const sipCode = sipCodeIn(webhook, 'SipResponseCode');
    this.notes({ callSid, ...this.owners.of(webhook) }, webhook).note({
      kind: 'status',
      key: `status:${status}`,
      status,
      from: party(parameter(webhook, 'From') ?? ''),
      to: party(parameter(webhook, 'To') ?? ''),
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
      ...(durationS === undefined ? {} : { durationS }),
      ...(sipCode === undefined ? {} : { sipCode }),
    });
  }

  /** A leg that we have dialled. */
  leg(webhook: Webhook): void {
    const legSid = callSidIn(webhook);
    const status = statusIn(webhook);
    const leg = readLegCallback(webhook.query);
    if (legSid === undefined || !status || !leg || !this.directory.signed(webhook, leg)) return;
    const notes = this.notes({ callSid: leg.call, environment: leg.environment, tenant: leg.tenant }, webhook);
    const sipCode = sipCodeIn(webhook, 'SipResponseCode');
    const durationS = countIn(webhook, 'CallDuration');
    notes.note({ kind: 'leg-status', key: `leg:${legSid}:${status}`, legSid, status, ...(sipCode === undefined ? {} : { sipCode }), ...(durationS === undefined ? {} : { durationS }) });
    if (leg.who === 'edge') return;
    if (status === 'ringing') notes.note({ kind: 'ringing', key: `ringing:${legSid}`, legSid, target: leg.target });
    if (status === 'in-progress') this.answered(notes, leg, legSid, timeIn(webhook));
    if (leg.reservation !== undefined && OVER.has(status)) this.settlements.settle({ reservationId: leg.reservation, billedS: status === 'completed' ? (durationS ?? 0) : 0 });
  }

  recording(webhook: Webhook): void {
    const { query } = webhook;
    const environment = query.get('environment') ?? '';
    const call = query.get('call') ?? '';
    const tenant = query.get('tenant') ?? '';
    const recordingSid = parameter(webhook, 'RecordingSid');
    if (recordingSid === undefined || !CALL_SID.test(call) || tenant === '' || !this.directory.signed(webhook, { environment, tenant })) return;
    const notes = this.notes({ callSid: call, environment, tenant }, webhook);
    const channels = parameter(webhook, 'RecordingChannels') === '2' ? 'stereo' : 'mono';
    const status = parameter(webhook, 'RecordingStatus');
    if (status === 'in-progress' || status === 'completed') notes.note({ kind: 'recording-started', key: `recording:${recordingSid}`, recordingSid, announced: query.get('announced') === '1', channels });
    if (status !== 'completed') return;
    notes.note({ kind: 'recording-ready', key: `recording-ready:${recordingSid}`, recordingSid, durationS: countIn(webhook, 'RecordingDuration') ?? 0, url: (parameter(webhook, 'RecordingUrl') ?? '').slice(0, 500), channels });
  }

  private answered(notes: CallNotes, { who, target, since, queue, step }: LegFacts, legSid: string, at: string | undefined): void {
    if (who === 'far_end') return notes.note({ kind: 'answered', key: 'answered', by: 'far_end', answeredBy: target });
    const waitedMs = Math.max(0, (at === undefined ? this.clock.now() : Date.parse(at)) - since);
    notes.note({ kind: 'answered', key: 'answered', by: 'endpoint', answeredBy: target });
    notes.note({ kind: 'person-connected', key: `person:${legSid}`, legSid, extension: target.slice(0, 40), ...(queue === undefined ? {} : { queue }), waitedMs });
    if (queue !== undefined && step !== undefined) notes.note({ kind: 'queue-left', key: `queue-left:${step}`, queue, outcome: 'connected', waitedMs });
  }

  private notes(owner: CallOwner, webhook: Webhook): CallNotes {
    return new CallNotes(this.facts, owner, timeIn(webhook) ?? this.clock.date().toISOString());
  }
}
