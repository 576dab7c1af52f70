import { RecordingReadyV1, RecordingStartedV1 } from '@troncal/contracts';
import type { Evidence, Finding } from './evidence.js';
import { countBy, field, unique } from './bus-log.js';
import { atMost, none } from './finding.js';

/** When every call is over nothing of them is left: not in Asterisk, not in the database, not in an outbox. */
export function nothingLeft({ edge, database }: Evidence): Finding {
  const offenders = [
    ...edge.channels.map((name) => `channel ${name}`),
    ...edge.bridges.map((id) => `bridge ${id}`),
    ...edge.recordings.map((name) => `recording under way ${name}`),
    ...Object.entries(database.unsent).filter(([, count]) => count > 0).map(([service, count]) => `${count} unsent events of ${service}`),
    ...(database.liveCalls > 0 ? [`${database.liveCalls} calls still live in the database`] : []),
    ...(database.openRecordings > 0 ? [`${database.openRecordings} recordings still open in the database`] : []),
  ];
  return none('no orphan channel, bridge, recording, call or unsent event', offenders, 'all there is');
}

/** Every recording that began is ready in the end, once. */
export function recordingsReady({ bus }: Evidence): Finding {
  const ready = countBy(bus, 'recordingId', ({ type }) => type === RecordingReadyV1.type);
  const started = unique(bus).filter(({ envelope }) => envelope.type === RecordingStartedV1.type).map(({ envelope }) => field(envelope, 'recordingId'));
  const offenders = started.filter((id) => ready.get(id) !== 1).map((id) => `recording ${id}: ${ready.get(id) ?? 0} RecordingReady`);
  return none('every recording ready, once', offenders, `${started.length} recordings`);
}

/** How long it took from the end of the fault until all was as it should be. */
export function converged({ times, bounds }: Evidence): Finding {
  return atMost('converged after the fault', bounds.convergedMs, times.convergedAtMs === null ? null : times.convergedAtMs - times.liftedAtMs, 'ms');
}
