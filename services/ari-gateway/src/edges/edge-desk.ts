import type { EdgeView, PutEdge } from '@troncal/contracts';
import { pause, PermanentError } from '@troncal/kernel';
import type { ReplicaSignals } from '../replicas/replica-signals.js';
import type { DeclaredEdge, EdgeDeclarations } from './edge-declarations.js';
import { EDGES_TOPIC, type EdgeKeeper } from './edge-keeper.js';
import type { EdgeOwners } from './edge-owners.js';
import { settingsOf, type EdgeDefaults } from './edge-settings.js';
import type { RemoveEdge } from './remove-edge.js';

/** Another replica hears of a removal at once; one that doesn't loses the lease within this time. */
const LET_GO_WITHIN_MS = 3_500;
const LOOK_EVERY_MS = 50;

/** Declares edges, and has every replica follow. */
export class EdgeDesk {
  constructor(
    private readonly declarations: EdgeDeclarations,
    private readonly keeper: EdgeKeeper,
    private readonly signals: ReplicaSignals,
    private readonly removal: RemoveEdge,
    private readonly owners: EdgeOwners,
    private readonly defaults: EdgeDefaults,
    /** The edge of this gateway's settings: it is declared there and nowhere else. */
    private readonly ofSettings: string,
  ) {}

  /** @throws PermanentError unknown_edge (404) */
  async show(edgeId: string): Promise<EdgeView> {
    return (await this.find(edgeId)).view;
  }

  /** @returns the edge with what its container needs: the secrets only when there are passwords that nobody has been told yet. @throws edge_of_settings (409) */
  async declare(edgeId: string, edge: PutEdge): Promise<EdgeView> {
    this.refuseSettings(edgeId);
    const { made, ...declared } = await this.declarations.put(edgeId, edge);
    await this.changed();
    return { ...declared.view, settings: settingsOf(declared, this.defaults, made) };
  }

  /** New passwords: the running edge refuses the gateways until it is started with them. @throws unknown_edge (404), edge_of_settings (409) */
  async rotate(edgeId: string): Promise<EdgeView> {
    this.refuseSettings(edgeId);
    const rotated = await this.declarations.rotate(edgeId);
    if (!rotated) throw unknown(edgeId);
    await this.changed();
    return { ...rotated.view, settings: settingsOf(rotated, this.defaults, true) };
  }

  /** @throws unknown_edge (404), edge_of_settings (409), edge_in_use (409) */
  async remove(edgeId: string): Promise<void> {
    this.refuseSettings(edgeId);
    await this.find(edgeId);
    await this.removal.run(edgeId);
    await this.changed();
    // Whoever is answered may count on it: its Asterisk is in no gateway's hands, so that its callers meet the fallback.
    for (const deadline = performance.now() + LET_GO_WITHIN_MS; performance.now() < deadline && (await this.owners.elsewhere(edgeId)); ) await pause(LOOK_EVERY_MS);
  }

  private async changed(): Promise<void> {
    await this.keeper.readAnew();
    this.signals.tell(EDGES_TOPIC);
  }

  private async find(edgeId: string): Promise<DeclaredEdge> {
    const declared = await this.declarations.find(edgeId);
    if (!declared) throw unknown(edgeId);
    return declared;
  }

  private refuseSettings(edgeId: string): void {
    if (edgeId !== this.ofSettings) return;
    throw new PermanentError('edge_of_settings', `The edge ${edgeId} is declared by the settings of ari-gateway.`, { status: 409, remedy: 'Change EDGE_ID, ARI_URL and so on there, or choose another id.' });
  }
}

function unknown(edgeId: string): PermanentError {
  return new PermanentError('unknown_edge', `No edge ${edgeId} is declared.`, { status: 404, remedy: 'Declare it with PUT /api/edges/{id}; the edge of a gateway’s settings is only listed.' });
}
