import { Controller, Delete, Get, HttpCode, Inject, Post, Put } from '@nestjs/common';
import { AnswersSecret, Body, Caller, Params, requireScope, requireTenant, type CallerFacts } from '@troncal/chassis';
import { edgeIdSchema, putEdgeSchema, type EdgeState, type EdgeView, type PutEdge } from '@troncal/contracts';
import { z } from 'zod';
import { CallRegistry } from '../calls/call-registry.js';
import { EDGE_REPOSITORY, type EdgeRepository } from './edge.repository.js';
import { EdgeDesk } from './edge-desk.js';
import { EdgeSessions } from './edge-sessions.js';

const edgePath = z.object({ id: edgeIdSchema });
type EdgePath = z.output<typeof edgePath>;

/** Whoever declares edges is told their passwords. */
function requirePlatform(caller: CallerFacts): void {
  requireTenant(caller, '*');
  requireScope(caller, 'edges');
}

/** Edges over HTTP: what state they are in, for everybody; declared, changed and removed with a key of the platform that has the scope `edges`. */
@Controller('api/edges')
export class EdgesController {
  constructor(
    @Inject(EDGE_REPOSITORY) private readonly edges: EdgeRepository,
    @Inject(EdgeSessions) private readonly sessions: EdgeSessions,
    @Inject(CallRegistry) private readonly registry: CallRegistry,
    @Inject(EdgeDesk) private readonly desk: EdgeDesk,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts): Promise<{ edges: EdgeState[] }> {
    const tenant = caller.tenant === '*' ? undefined : caller.tenant;
    const [rows, stored] = await Promise.all([this.edges.list(), this.edges.liveCalls(tenant)]);
    return {
      edges: rows.map(({ changedAt, ...edge }) => ({
        ...edge,
        // Where our replicas are is no tenant's business.
        ...(tenant !== undefined && { holder: null, url: null }),
        // The row may lag behind by a write.
        ...this.known(edge.edgeId),
        changedAt: changedAt.toISOString(),
        liveCalls: this.sessions.of(edge.edgeId) ? this.registry.live(edge.edgeId).filter(({ call }) => tenant === undefined || tenant === call.tenant).length : (stored.get(edge.edgeId) ?? 0),
      })),
    };
  }

  @Get(':id')
  async show(@Params(edgePath) { id }: EdgePath, @Caller() caller: CallerFacts): Promise<EdgeView> {
    requirePlatform(caller);
    return this.desk.show(id);
  }

  @Put(':id')
  @HttpCode(200)
  @AnswersSecret()
  async put(@Params(edgePath) { id }: EdgePath, @Body(putEdgeSchema) body: PutEdge, @Caller() caller: CallerFacts): Promise<EdgeView> {
    requirePlatform(caller);
    return this.desk.declare(id, body);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @AnswersSecret()
  async rotate(@Params(edgePath) { id }: EdgePath, @Caller() caller: CallerFacts): Promise<EdgeView> {
    requirePlatform(caller);
    return this.desk.rotate(id);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Params(edgePath) { id }: EdgePath, @Caller() caller: CallerFacts): Promise<void> {
    requirePlatform(caller);
    await this.desk.remove(id);
  }

  private known(edgeId: string): Pick<EdgeState, 'state' | 'reason'> | undefined {
    if (edgeId === this.sessions.leftOut) return { state: 'lost', reason: 'left_out' };
    return this.sessions.of(edgeId)?.ready ? { state: 'connected', reason: null } : undefined;
  }
}
