import { randomBytes } from 'node:crypto';
import type { EdgeView, PutEdge } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import type { Database, SealedSecret, SecretVault } from '@troncal/persistence';

interface Row {
  readonly edge_id: string;
  readonly ari_url: string;
  readonly ari_user: string;
  readonly ari_password: Buffer;
  readonly ami_host: string;
  readonly ami_port: number;
  readonly ami_user: string;
  readonly ami_password: Buffer;
  readonly key_id: string;
  readonly media: 'websocket' | 'audiosocket';
  readonly audiosocket_address: string | null;
  readonly recordings_dir: string | null;
  readonly revision: number;
}

/** A declared edge with its passwords. */
export interface DeclaredEdge {
  readonly view: EdgeView;
  readonly ariPassword: string;
  readonly amiPassword: string;
}

/** 256 bits, in letters that no configuration file must quote. */
const newPassword = (): string => randomBytes(32).toString('base64url');

/** Edges as they were declared, their passwords sealed at rest. */
export class EdgeDeclarations {
  /** @param vault absent where no key is set: then no edge can be declared */
  constructor(
    private readonly db: Database,
    private readonly vault: SecretVault | undefined,
  ) {}

  /** The edges that are declared, without opening anything. */
  async ids(): Promise<{ readonly edgeId: string; readonly revision: number }[]> {
    return this.db.query('SELECT edge_id AS "edgeId", revision FROM edge_declarations ORDER BY edge_id');
  }

  /** @throws PermanentError `credential_key_missing`, `credential_damaged`, `no_edge_key` */
  async find(edgeId: string): Promise<DeclaredEdge | undefined> {
    const [row] = await this.db.query<Row>('SELECT * FROM edge_declarations WHERE edge_id = $1', [edgeId]);
    if (!row) return undefined;
    return { view: viewOf(row), ariPassword: this.open(row, 'ari', row.ari_password), amiPassword: this.open(row, 'ami', row.ami_password) };
  }

  /**
   * Declares an edge, whole; passwords that aren't given stay as they were, or are made for a new edge. `made`: there are passwords that nobody has been
   * told yet. @throws PermanentError `no_edge_key` (422)
   */
  async put(edgeId: string, edge: PutEdge): Promise<DeclaredEdge & { readonly made: boolean }> {
    const before = await this.find(edgeId);
    const ariPassword = edge.ari.password ?? before?.ariPassword ?? newPassword();
    const amiPassword = edge.ami.password ?? before?.amiPassword ?? newPassword();
    const stored = await this.store(edgeId, edge, { ariPassword, amiPassword });
    return { ...stored, made: ariPassword !== before?.ariPassword || amiPassword !== before.amiPassword };
  }

  /** Gives a declared edge new passwords. Undefined: there is no such edge. */
  async rotate(edgeId: string): Promise<DeclaredEdge | undefined> {
    const before = await this.find(edgeId);
    if (!before) return undefined;
    const { ari, ami, media, audiosocketAddress, recordingsDir } = before.view;
    const edge = { ari, ami, media, ...(audiosocketAddress === null ? {} : { audiosocketAddress }), ...(recordingsDir === null ? {} : { recordingsDir }) };
    return this.store(edgeId, edge, { ariPassword: newPassword(), amiPassword: newPassword() });
  }

  private async store(edgeId: string, edge: PutEdge, { ariPassword, amiPassword }: Pick<DeclaredEdge, 'ariPassword' | 'amiPassword'>): Promise<DeclaredEdge> {
    const [ari, ami] = [this.seal(edgeId, 'ari', ariPassword), this.seal(edgeId, 'ami', amiPassword)];
    const [row] = await this.db.query<Row>(
      `INSERT INTO edge_declarations AS d (edge_id, ari_url, ari_user, ari_password, ami_host, ami_port, ami_user, ami_password, key_id, media, audiosocket_address, recordings_dir)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (edge_id) DO UPDATE SET ari_url = excluded.ari_url, ari_user = excluded.ari_user, ari_password = excluded.ari_password, ami_host = excluded.ami_host,
         ami_port = excluded.ami_port, ami_user = excluded.ami_user, ami_password = excluded.ami_password, key_id = excluded.key_id, media = excluded.media,
         audiosocket_address = excluded.audiosocket_address, recordings_dir = excluded.recordings_dir, revision = d.revision + 1, updated_at = now()
       RETURNING *`,
      [
        edgeId, edge.ari.url, edge.ari.user, ari.sealed, edge.ami.host ?? new URL(edge.ari.url).hostname, edge.ami.port, edge.ami.user, ami.sealed, ari.keyId, edge.media,
        edge.audiosocketAddress ?? null, edge.recordingsDir ?? null,
      ],
    );
    if (!row) throw new Error(`the edge ${edgeId} was not stored`);
    return { view: viewOf(row), ariPassword, amiPassword };
  }

  private seal(edgeId: string, of: 'ari' | 'ami', secret: string): SealedSecret {
    return this.demandVault().seal([`edge-${of}-password`, edgeId], secret);
  }

  private open(row: Row, of: 'ari' | 'ami', sealed: Buffer): string {
    return this.demandVault().open([`edge-${of}-password`, row.edge_id], { keyId: row.key_id, sealed }, `The ${of.toUpperCase()} password of edge ${row.edge_id}`, `POST /api/edges/${row.edge_id}/rotate`);
  }

  private demandVault(): SecretVault {
    if (this.vault) return this.vault;
    throw new PermanentError('no_edge_key', 'This gateway has no key to seal the passwords of edges with.', { remedy: 'Set CREDENTIALS_KEY_FILE: openssl rand -hex 32. All replicas need the same file.' });
  }
}

function viewOf(row: Row): EdgeView {
  return {
    edgeId: row.edge_id,
    ari: { url: row.ari_url, user: row.ari_user },
    ami: { host: row.ami_host, port: row.ami_port, user: row.ami_user },
    media: row.media,
    audiosocketAddress: row.audiosocket_address,
    recordingsDir: row.recordings_dir,
    revision: row.revision,
  };
}
