import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { errorText } from '@troncal/kernel';
import { SecretVault, type KeyRing, type SecretOwner } from '@troncal/persistence';
import type { RetiredRoute } from './directory-index.js';
import type { VoiceEdge, VoiceEnvironment, VoiceSubaccount, VoiceTenant } from './voice-tenant.js';

/** Of the file's form: a file of another one is not read. */
const VERSION = 2;

export interface KnownState {
  readonly tenants: readonly VoiceTenant[];
  readonly environments: readonly VoiceEnvironment[];
  readonly retired: readonly RetiredRoute[];
}

interface Sealed {
  readonly keyId: string;
  readonly sealed: string;
}

interface StoredEnvironment extends Omit<VoiceEnvironment, 'tokens' | 'subaccounts' | 'edge'> {
  readonly tokens: readonly Sealed[];
  readonly subaccounts?: readonly (Omit<VoiceSubaccount, 'tokens'> & { readonly tokens: readonly Sealed[] })[];
  readonly edge?: Omit<VoiceEdge, 'password'> & { readonly password: Sealed };
}

interface Stored extends Omit<KnownState, 'environments'> {
  readonly savedAt: string;
  readonly environments: readonly StoredEnvironment[];
}

/**
 * The directory's last state in a local file, for a replica that starts while PostgreSQL is away. Whole or absent: it is written beside and renamed, and
 * carries the digest of what it holds. Auth tokens and passwords are sealed in it with the credentials' key.
 */
export class LastKnownState {
  private readonly vault: SecretVault;

  constructor(
    private readonly folder: string,
    keys: KeyRing,
  ) {
    this.vault = new SecretVault(keys);
  }

  private get path(): string {
    return join(this.folder, 'voice-directory.json');
  }

  /**
   * Read at the start, once; nobody is served yet.
   * @returns undefined when there is none; `damaged` says why one that is there can't be used
   */
  read(): { readonly state: KnownState; readonly savedAt: string } | { readonly damaged: string } | undefined {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
    try {
      return this.parse(text);
    } catch (error) {
      // Kept for a person to look at, and out of the way.
      renameSync(this.path, `${this.path}.damaged`);
      return { damaged: errorText(error) };
    }
  }

  async write(state: KnownState, savedAt: string): Promise<void> {
    const environments = state.environments.map(({ tokens, subaccounts = [], edge, ...rest }): StoredEnvironment => ({
      ...rest,
      tokens: tokens.map((token) => this.seal(['twilio-auth-token', rest.name], token)),
      subaccounts: subaccounts.map((each) => ({ ...each, tokens: each.tokens.map((token) => this.seal(['twilio-auth-token', rest.name], token)) })),
      ...(edge && { edge: { ...edge, password: this.seal(['edge-trunk', rest.name], edge.password) } }),
    }));
    const body = JSON.stringify({ ...state, savedAt, environments } satisfies Stored);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const beside = `${this.path}.${process.pid}`;
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(`${VERSION} ${digest(body)}\n${body}`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(beside, this.path);
  }

  private parse(text: string): { readonly state: KnownState; readonly savedAt: string } {
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== `${VERSION} ${digest(body)}`) throw new Error('its digest is another: it is torn, or of another version');
    const { savedAt, environments, tenants, retired } = JSON.parse(body) as Stored;
    return {
      savedAt,
      state: {
        tenants,
        retired,
        environments: environments.map(({ tokens, subaccounts = [], edge, ...rest }) => ({
          ...rest,
          tokens: tokens.map((token) => this.open(['twilio-auth-token', rest.name], token)),
          subaccounts: subaccounts.map((each) => ({ ...each, tokens: each.tokens.map((token) => this.open(['twilio-auth-token', rest.name], token)) })),
          ...(edge && { edge: { ...edge, password: this.open(['edge-trunk', rest.name], edge.password) } }),
        })),
      },
    };
  }

  private seal(owner: SecretOwner, secret: string): Sealed {
    const { keyId, sealed } = this.vault.seal(owner, secret);
    return { keyId, sealed: sealed.toString('base64') };
  }

  private open(owner: SecretOwner, { keyId, sealed }: Sealed): string {
    return this.vault.open(owner, { keyId, sealed: Buffer.from(sealed, 'base64') }, `A ${owner[0]} in ${this.path}`, `remove ${this.path}`);
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
