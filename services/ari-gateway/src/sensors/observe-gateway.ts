import type { Metrics } from '@troncal/observability';
import type { Journal } from '@troncal/persistence';
import type { CallRegistry } from '../calls/call-registry.js';
import type { LateWrites } from '../calls/late-writes.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';

/** What of a gateway is counted when somebody asks. */
export interface Gauged {
  readonly registry: CallRegistry;
  readonly sessions: EdgeSessions;
  readonly journal: Pick<Journal, 'depth'>;
  readonly late: Pick<LateWrites, 'depth'>;
}

/** Publishes what there is now: calls, legs, edges, and what waits for the database. */
export function observeGateway(metrics: Metrics, { registry, sessions, journal, late }: Gauged): void {
  metrics.gauge('troncal_calls_live_count', (gauge) => {
    const calls = registry.live().map((actor) => actor.call);
    for (const direction of ['inbound', 'outbound', 'internal'] as const) gauge.set({ direction }, calls.filter((call) => call.direction === direction).length);
  });
  metrics.gauge('troncal_legs_live_count', (gauge) => {
    const legs = registry.live().flatMap((actor) => actor.call.legs).filter((leg) => leg.state !== 'ended');
    for (const kind of ['caller', 'endpoint', 'trunk', 'queue', 'media'] as const) gauge.set({ kind }, legs.filter((leg) => leg.kind === kind).length);
  });
  metrics.gauge('troncal_edge_connected_state', (gauge) => {
    // An edge that another gateway has taken over is that one's to tell of.
    gauge.reset();
    for (const session of sessions.all()) gauge.set({ edge: session.edgeId }, session.ready ? 1 : 0);
  });
  metrics.gauge('troncal_journal_waiting_count', (gauge) => gauge.set(journal.depth));
  metrics.gauge('troncal_late_writes_waiting_count', (gauge) => gauge.set(late.depth));
}
