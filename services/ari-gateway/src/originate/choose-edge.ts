import type { DialTarget } from '../calls/call.js';
import type { EdgeSession } from '../edges/edge-session.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import { noEdge } from '../edges/edge-away.js';

/** The edge that a new call is placed from: where the phone called is registered, else any that is ready. @throws edge_unreachable (503) */
export function chooseEdge(sessions: EdgeSessions, target: DialTarget): EdgeSession {
  const ready = sessions.ready();
  const home = target.kind === 'endpoint' ? ready.find((session) => session.contacts.has(target.sipUser)) : undefined;
  const chosen = home ?? ready[0];
  if (!chosen) throw sessions.away ?? noEdge([]);
  return chosen;
}
