import { PermanentError } from '@troncal/kernel';
import type { Database } from '@troncal/persistence';
import type { CallRegistry } from '../calls/call-registry.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { EdgeRepository } from './edge.repository.js';
import type { EdgesPublisher } from './edges.publisher.js';

/** What is asked and told when an edge is removed. */
export interface RemovalPorts {
  readonly db: Pick<Database, 'transaction'>;
  readonly edges: EdgeRepository;
  readonly events: EdgesPublisher;
  readonly registry: CallRegistry;
  readonly directory: TenantDirectory;
}

/**
 * Removes a declared edge on which nobody talks: its owner is overtaken, its phones are told to be away, and it is told lost if it was there. Its
 * Asterisk is left as it is; callers who come there later meet the dialplan's fallback.
 */
export class RemoveEdge {
  constructor(private readonly ports: RemovalPorts) {}

  /** @throws PermanentError edge_in_use (409) */
  async run(edgeId: string): Promise<void> {
    const { db, edges, events, registry, directory } = this.ports;
    // Also those that are not stored yet.
    if (registry.live(edgeId).length > 0) throw inUse(edgeId);
    await db.transaction(async (tx) => {
      const removed = await edges.remove(tx, edgeId);
      if (!removed) throw inUse(edgeId);
      for (const sipUser of removed.sipUsers) {
        const { tenant = '_', extension = sipUser } = directory.endpointOfSipUser(sipUser) ?? {};
        await events.unregistered(tx, tenant, { sipUser, extension, reason: 'unreachable' });
      }
      if (removed.wasConnected) await events.lost(tx, { edgeId, reason: 'shutdown' });
    });
  }
}

function inUse(edgeId: string): PermanentError {
  return new PermanentError('edge_in_use', `Calls are live on edge ${edgeId}; nothing was done.`, { status: 409, remedy: 'Let them end, or hang them up: GET /api/calls?live lists them.', details: { edgeId } });
}
