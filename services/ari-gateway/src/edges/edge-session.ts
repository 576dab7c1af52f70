import { AmiClient, AriClient, type AriFault } from '@troncal/ari';
import type { Logger } from '@troncal/observability';
import { AcceptCaller } from '../calls/accept-caller.js';
import { AcceptPickup } from '../calls/accept-pickup.js';
import type { Call } from '../calls/call.js';
import { CallBridges } from '../calls/drive/call-bridges.js';
import type { CallDriver } from '../calls/drive/call-driver.js';
import { CallTimers } from '../calls/drive/call-timers.js';
import { composeDriver } from '../calls/drive/compose-driver.js';
import { Seats } from '../calls/drive/seats.js';
import { SideRooms } from '../calls/drive/side-rooms.js';
import type { CallEffect } from '../calls/machine/call-effect.js';
import { StasisListener } from '../calls/stasis.listener.js';
import { RtpListener } from '../calls/rtp.listener.js';
import { QueueListener } from '../queues/queue.listener.js';
import { QueueWatch } from '../queues/queue-watch.js';
import { ReconcileEdge } from '../reconcile/reconcile-edge.js';
import { composeRecorder } from '../recordings/compose-recorder.js';
import type { Recorder, RecordingRef } from '../recordings/recorder.js';
import { RecordingFiles } from '../recordings/recording-files.js';
import { RecordingSettler } from '../recordings/recording-settler.js';
import { ariSensor } from '../sensors/ari-sensor.js';
import { ContactListener } from './contact.listener.js';
import { EdgeLink } from './edge-link.js';
import type { EdgeRecord } from './edge-record.js';
import type { EdgeRow } from './edge.repository.js';
import type { GatewayParts } from './gateway-parts.js';
import { OwnerToken } from './owner-token.js';

/** The Stasis application that the dialplan enters (asterisk/README.md). */
const APPLICATION = 'troncal';

/** Older than this, what the link proved is not believed any more: shorter than the 3 s after which somebody else may own the edge. */
const FRESH_MS = 2_500;

/** The ownership that a session lives in. */
export interface SessionTenure {
  readonly epoch: number;
  /** What was known of the edge until now. */
  readonly before: EdgeRow['state'];
  /** Told when Asterisk or the database knows a newer owner; this session must be stopped then. */
  readonly overtaken: (reason: string) => void;
  /** Told whether Asterisk can be used, at each change. */
  readonly usable: (usable: boolean) => void;
}

/**
 * Everything that belongs to one Asterisk, for as long as this process holds it: its two clients, its ears, the hands of its calls, and the link that
 * reconciles them. What there is once in the process is borrowed. Started once and stopped once.
 */
export class EdgeSession {
  readonly ari: AriClient;
  readonly bridges: CallBridges;
  readonly contacts: ContactListener;
  /** Where its Asterisk writes them. */
  readonly recordings: RecordingFiles;
  private readonly ami: AmiClient;
  private readonly token: OwnerToken;
  private readonly timers: CallTimers;
  private readonly recorder: Recorder;
  private readonly driver: CallDriver;
  private readonly stasis: StasisListener;
  private readonly queueEvents: QueueListener;
  private readonly rtp: RtpListener;
  private readonly link: EdgeLink;

  constructor(
    private readonly record: EdgeRecord,
    private readonly tenure: SessionTenure,
    parts: GatewayParts,
  ) {
    const { registry, directory, logger, speech, telemetry } = parts;
    const { edgeId } = record;
    const { epoch } = tenure;
    this.token = new OwnerToken(record.ari, { edgeId, epoch });
    this.ari = new AriClient({ app: APPLICATION, address: record.ari, freshMs: FRESH_MS, beforeDial: () => this.token.claim(), onFault: report(logger, edgeId, 'ari'), around: ariSensor(telemetry) });
    this.ami = new AmiClient({ address: record.ami, onFault: report(logger, edgeId, 'ami') });
    const shared = { ...parts, ari: this.ari, edgeId, tenure: { edgeId, epoch } };
    const seats = new Seats();
    this.bridges = new CallBridges(this.ari, seats);
    const rooms = new SideRooms(this.ari, seats);
    const watch = new QueueWatch(this.ari, registry, directory, edgeId, logger);
    this.timers = new CallTimers((callId, message) => (message.kind === 'queue_timeout' ? void watch.timedOut(callId, message.step) : registry.tell(callId, message)));
    this.recordings = new RecordingFiles(record.recordingsDir);
    const settler = new RecordingSettler(registry, { ...shared, files: this.recordings }, logger);
    this.recorder = composeRecorder({ ari: this.ari, ami: this.ami, bridges: this.bridges, settler, speech }, logger);
    this.driver = composeDriver({ ari: this.ari, bridges: this.bridges, rooms, timers: this.timers, recorder: this.recorder, media: record.media }, parts);
    const accept = new AcceptCaller(registry, { ...shared, pickup: new AcceptPickup(registry, shared) }, logger);
    this.stasis = new StasisListener(this.ari, registry, accept, settler, rooms, logger);
    this.queueEvents = new QueueListener(this.ami, registry, directory, watch, logger);
    this.rtp = new RtpListener(this.ami, registry, parts.qualities);
    this.contacts = new ContactListener(this.ami, shared, logger);
    const reconcile = new ReconcileEdge(registry, { ...shared, token: this.token, bridges: this.bridges, seats, accept, recordings: settler, queues: watch }, logger);
    this.link = new EdgeLink({ ...shared, ami: this.ami, reconcile, token: this.token, overtaken: tenure.overtaken, usable: tenure.usable, before: tenure.before }, logger);
  }

  get edgeId(): string {
    return this.record.edgeId;
  }

  /** The fencing token of this ownership. */
  get epoch(): number {
    return this.tenure.epoch;
  }

  /** True once calls were reconciled with the present connection. */
  get ready(): boolean {
    return this.link.ready;
  }

  /** Why Asterisk was not reached at the last try; undefined while it is. */
  get trouble(): string | undefined {
    return this.link.trouble;
  }

  /** First the ears, then the connection. Waits for the database, which knows who was registered. */
  async start(): Promise<void> {
    this.stasis.start();
    this.queueEvents.start();
    this.rtp.start();
    await this.contacts.start();
    this.link.start();
  }

  /** Does the effects of one of this edge's calls; see CallDriver. */
  act(call: Call, effects: readonly CallEffect[]): void {
    this.driver.act(call, effects);
  }

  /** Resolves once a call's recording holds silence; see Recorder.silent. */
  silence(call: Call, ref: RecordingRef): Promise<void> {
    return this.recorder.silent(ref.recordingId, () => this.act(call, [{ kind: 'pause_record', ...ref, paused: true }]));
  }

  /** Somebody newer owns the edge, by whatever evidence. */
  giveUp(reason: string): void {
    this.tenure.overtaken(reason);
  }

  /** Lets go at once; calls are left as they are in Asterisk. */
  stop(reason: 'shutdown' | 'replaced'): void {
    this.stasis.stop();
    this.queueEvents.stop();
    this.rtp.stop();
    this.contacts.stop();
    this.link.stop(reason);
    this.timers.close();
    this.token.close();
  }
}

const report = (logger: Logger, edge: string, of: string) => (fault: AriFault): void =>
  logger.warn({ edge, of, kind: fault.kind, reason: fault.message, err: fault.cause }, 'a fault at the edge');
