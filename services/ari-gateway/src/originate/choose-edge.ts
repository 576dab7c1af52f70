import type { DialTarget } from '../calls/call.js';
import type { EdgeOwners } from '../edges/edge-owners.js';
import type { EdgeRepository } from '../edges/edge.repository.js';
import type { EdgeSession } from '../edges/edge-session.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import { noEdge } from '../edges/edge-away.js';

/** Finds the edge that a new call is placed from. */
export class ChooseEdge {
  constructor(
    private readonly sessions: EdgeSessions,
    private readonly owners: EdgeOwners,
    private readonly edges: EdgeRepository,
  ) {}

  /**
   * Where the phone called is registered; for anything else any edge that is ready, one held here before others.
   * @throws HeldElsewhere when the edge is another replica's, which is then asked to place the call; edge_unreachable, edge_left_out (503)
   */
  async run(target?: DialTarget): Promise<EdgeSession> {
    const ready = this.sessions.ready();
    const home = target?.kind === 'endpoint' ? await this.homeOf(target.sipUser, ready) : undefined;
    const chosen = home ?? ready[0];
    if (chosen) return chosen;
    const { away } = this.sessions;
    if (this.sessions.leftOut === undefined) await this.passOn((await this.connected()).filter((edgeId) => !this.sessions.of(edgeId)));
    throw away ?? noEdge([]);
  }

  private async homeOf(sipUser: string, ready: readonly EdgeSession[]): Promise<EdgeSession | undefined> {
    const here = ready.find((session) => session.contacts.has(sipUser));
    if (here) return here;
    const homes = await this.edges.homesOf(sipUser).catch(() => []);
    await this.passOn(homes.filter((edgeId) => !this.sessions.of(edgeId)));
    return undefined;
  }

  private async connected(): Promise<string[]> {
    const rows = await this.edges.list().catch(() => []);
    return rows.filter((row) => row.state === 'connected').map((row) => row.edgeId);
  }

  private async passOn(edgeIds: readonly string[]): Promise<void> {
    for (const edgeId of edgeIds) {
      const other = await this.owners.elsewhere(edgeId);
      if (other) throw other;
    }
  }
}
