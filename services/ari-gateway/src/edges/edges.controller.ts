import { Controller, Get, Inject } from '@nestjs/common';
import { Caller, type CallerFacts } from '@troncal/chassis';
import { CallRegistry } from '../calls/call-registry.js';
import { EDGE_REPOSITORY, type EdgeRepository } from './edge.repository.js';
import { EdgeSessions } from './edge-sessions.js';

interface EdgeView {
  readonly edgeId: string;
  readonly state: 'declared' | 'connected' | 'lost';
  readonly reason: string | null;
  readonly version: string | null;
  /** Grows with each change of owner. */
  readonly epoch: number;
  /** The replica that owned it last. */
  readonly holder: string | null;
  readonly url: string | null;
  readonly changedAt: string;
  readonly liveCalls: number;
}

/** The edges, their state, and how many calls are live on them. */
@Controller('api/edges')
export class EdgesController {
  constructor(
    @Inject(EDGE_REPOSITORY) private readonly edges: EdgeRepository,
    @Inject(EdgeSessions) private readonly sessions: EdgeSessions,
    @Inject(CallRegistry) private readonly registry: CallRegistry,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts): Promise<{ edges: EdgeView[] }> {
    const live = this.registry.live().filter(({ call }) => caller.tenant === '*' || caller.tenant === call.tenant);
    const rows = await this.edges.list();
    return {
      edges: rows.map(({ changedAt, ...edge }) => ({
        ...edge,
        // The row may lag behind by a write.
        ...this.known(edge.edgeId),
        changedAt: changedAt.toISOString(),
        liveCalls: live.filter(({ call }) => call.edgeId === edge.edgeId).length,
      })),
    };
  }

  private known(edgeId: string): Pick<EdgeView, 'state' | 'reason'> | undefined {
    if (edgeId === this.sessions.leftOut) return { state: 'lost', reason: 'left_out' };
    return this.sessions.of(edgeId)?.ready ? { state: 'connected', reason: null } : undefined;
  }
}
