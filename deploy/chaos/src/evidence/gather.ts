import { once } from 'node:events';
import net from 'node:net';
import { AriClient } from '@troncal/ari';
import { RecordingStartedV1, type CallView } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { tailEvents } from '@troncal/messaging';
import { eventually } from '@troncal/testing';
import type { BusEvent, Bounds, Evidence, FaultTimes, LeftAtEdge, LeftInDatabase, ProjectedCall } from '../judge/evidence.js';
import { field } from '../judge/bus-log.js';
import type { Troncal } from '../troncal/troncal.js';
import type { Workload } from '../workload/workload.js';

/** Schemas with an outbox. */
const SERVICES = ['provisioning', 'ari_gateway', 'realtime_voice', 'ticketing', 'collections_dialer', 'pbx_adapters'] as const;
const QUIET_MS = 1_500;

/** Reads the state that a run left behind, from outside, as an outside system would. */
export class EvidenceRoom {
  private readonly db: Database;
  private readonly ari: AriClient;

  constructor(private readonly troncal: Troncal) {
    const logger = createLogger({ service: 'chaos', level: 'silent' });
    this.db = new Database({ url: troncal.first.postgres.adminUrl, schema: 'public', logger, applicationName: 'chaos', poolSize: 2, connectTimeoutMs: 1_000 });
    const { asterisk } = troncal.first;
    if (!asterisk) throw new Error('this Troncal runs without Asterisk');
    const { hostname, port } = new URL(asterisk.ariUrl);
    // Commands only: a second event socket would take the application from the gateway.
    this.ari = new AriClient({ app: 'troncal', address: { host: hostname, port: Number(port), user: asterisk.ariUser, password: asterisk.ariPassword }, onFault: () => {} });
  }

  /** Unsent events by service. @throws while the database is away */
  async unsent(): Promise<Record<string, number>> {
    const rows = await this.db.query<{ service: string; count: number }>(SERVICES.map((schema) => `SELECT '${schema}' AS service, count(*)::int AS count FROM ${schema}.outbox WHERE sent_at IS NULL`).join(' UNION ALL '));
    return Object.fromEntries(rows.map(({ service, count }) => [service, count]));
  }

  /** The database as its superuser, for faults that are played on tables. */
  get admin(): Database {
    return this.db;
  }

  /** Whether PostgreSQL takes statements and NATS connections. */
  async basicsAnswer(): Promise<boolean> {
    const nats = new URL(this.troncal.first.nats.url);
    const socket = net.connect({ host: nats.hostname, port: Number(nats.port) });
    try {
      await Promise.all([this.db.ping(), once(socket, 'data', { signal: AbortSignal.timeout(1_000) })]);
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  /** Whether the edge was reconciled after this moment (ms since the epoch) and is held since. */
  async edgeReconciledSince(sinceMs: number): Promise<boolean> {
    const rows = await this.db.query("SELECT 1 FROM ari_gateway.edges WHERE state = 'connected' AND changed_at > to_timestamp($1)", [sinceMs / 1_000]);
    return rows.length > 0;
  }

  async database(tenant: string): Promise<LeftInDatabase> {
    const [row] = await this.db.query<{ calls: number; recordings: number }>(
      `SELECT (SELECT count(*)::int FROM ari_gateway.calls WHERE tenant = $1 AND state <> 'ended') AS calls,
              (SELECT count(*)::int FROM ari_gateway.recordings WHERE tenant = $1 AND ended_at IS NULL) AS recordings`,
      [tenant],
    );
    return { unsent: await this.unsent(), liveCalls: row?.calls ?? 0, openRecordings: row?.recordings ?? 0 };
  }

  /** @param recordingIds those that are asked for one by one, since Asterisk can't list what is being recorded */
  async edge(recordingIds: readonly string[] = []): Promise<LeftAtEdge> {
    const [channels, bridges] = await Promise.all([this.ari.channels.list(), this.ari.bridges.list()]);
    const live = await Promise.all(recordingIds.map((recordingName) => this.ari.recordings.getLive({ recordingName }).then(() => [recordingName], () => [])));
    const recordings = live.flat();
    return { channels: channels.map((channel) => channel.name), bridges: bridges.map((bridge) => `${bridge.id} (${bridge.name})`), recordings };
  }

  /** Every event since the beginning of the streams, once nothing more comes or `enough` says that it has all it wants; at most for 30 s. */
  async log(enough: (events: readonly BusEvent[]) => boolean = () => false): Promise<{ readonly events: BusEvent[]; readonly deadLetters: number }> {
    const { nats } = this.troncal.first;
    const events: BusEvent[] = [];
    let deadLetters = 0;
    let changedAt = performance.now();
    const tail = await tailEvents(
      { url: nats.url, ...nats.observer },
      ({ envelope, stream, streamSequence }) => {
        changedAt = performance.now();
        if (stream === 'DLQ') deadLetters += 1;
        else events.push({ envelope, stream, streamSequence });
      },
      { since: new Date(0), deadLetters: true },
    );
    await tail.started;
    await eventually('the log has been read', () => performance.now() - changedAt > QUIET_MS || enough(events), 30_000).catch(() => {});
    await tail.stop();
    return { events, deadLetters };
  }

  /** Every call of a tenant with its timeline. */
  async projection(tenant: string): Promise<ProjectedCall[]> {
    const calls: ProjectedCall[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: { calls: CallView[]; next?: string } = await this.troncal.api.expect('GET', `/api/calls?tenant=${tenant}&limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
      for (const { callId } of page.calls) calls.push(await this.troncal.api.expect<ProjectedCall>('GET', `/api/calls/${callId}`));
      after = page.next;
    }
    return calls;
  }

  async declared(tenant: string): Promise<string[]> {
    const { endpoints } = await this.troncal.api.expect<{ endpoints: { extension: string }[] }>('GET', `/api/tenants/${tenant}/endpoints`);
    return endpoints.map((endpoint) => endpoint.extension);
  }

  /** Waits until what the hang-ups set in motion is over; gives up in silence, since the judge sees what is left. */
  async settled(tenant: string, withinMs: number): Promise<void> {
    await eventually('everything has settled', async () => {
      const { unsent, liveCalls, openRecordings } = await this.database(tenant);
      const { channels, bridges } = await this.edge();
      return liveCalls + openRecordings + channels.length + bridges.length + Object.values(unsent).reduce((sum, count) => sum + count, 0) === 0;
    }, withinMs).catch(() => {});
  }

  /** The whole of it, after the calls were hung up. */
  async gather(workload: Workload, times: FaultTimes, bounds: Bounds): Promise<Evidence> {
    const { tenant } = workload;
    await this.settled(tenant, 30_000);
    const { events, deadLetters } = await this.log();
    return {
      tenant,
      phones: workload.memories(),
      bus: events.filter(({ envelope }) => envelope.tenantid === tenant || envelope.tenantid === '_'),
      deadLetters,
      projection: await this.projection(tenant),
      edge: await this.edge(events.filter(({ envelope }) => envelope.type === RecordingStartedV1.type).map(({ envelope }) => field(envelope, 'recordingId'))),
      database: await this.database(tenant),
      operations: workload.operations.history,
      declared: await this.declared(tenant),
      times,
      bounds,
    };
  }

  async close(): Promise<void> {
    await this.db.close();
    this.ari.close();
  }
}
