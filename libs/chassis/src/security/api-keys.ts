import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { errorText, PermanentError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { z } from 'zod';

const fileSchema = z.object({
  keys: z.array(
    z.object({
      /** Names the key in logs. */
      id: z.string().min(1),
      /** SHA-256 of the key, hex. The key itself is stored nowhere: it's random and long, so no slow hash is needed. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/i),
      /** Tenant code; `*` for all. */
      tenant: z.string().min(1),
      scopes: z.array(z.string()),
    }),
  ),
});

/** Who asks, by the API key of the request. */
export interface Caller {
  readonly keyId: string;
  /** The tenant that the key is for; `*` for all. */
  readonly tenant: string;
  readonly scopes: readonly string[];
}

interface StoredKey extends Caller {
  readonly hash: Buffer;
}

const LOOK_AGAIN_MS = 1_000;

/** The keys in API_KEYS_FILE. Changes of the file are taken up within a second or so; a file that became unreadable leaves the last good keys. */
export class ApiKeys {
  private keys: readonly StoredKey[] = [];
  private version = '';
  private lookedAt = 0;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
  ) {}

  /** @throws PermanentError `bad_api_keys` when the file can't be read */
  async load(): Promise<void> {
    try {
      const { mtimeMs, size } = await stat(this.path);
      const version = `${mtimeMs}/${size}`;
      if (version === this.version) return;
      const { keys } = fileSchema.parse(JSON.parse(await readFile(this.path, 'utf8')));
      this.keys = keys.map(({ id, sha256, tenant, scopes }) => ({ keyId: id, hash: Buffer.from(sha256, 'hex'), tenant, scopes }));
      this.version = version;
      this.logger.info({ count: keys.length }, 'API keys loaded');
    } catch (error) {
      throw new PermanentError('bad_api_keys', `The file of API_KEYS_FILE can't be read: ${errorText(error)}.`, {
        cause: error,
        remedy: 'It must hold {"keys":[{"id":"…","sha256":"…","tenant":"…","scopes":[…]}]}.',
      });
    }
  }

  /** Whose key this is. Takes the same time for every wrong key: all are compared, in constant time. */
  async find(presented: string): Promise<Caller | undefined> {
    await this.refresh();
    const hash = createHash('sha256').update(presented).digest();
    let found: StoredKey | undefined;
    for (const key of this.keys) if (timingSafeEqual(key.hash, hash)) found = key;
    return found && { keyId: found.keyId, tenant: found.tenant, scopes: found.scopes };
  }

  private async refresh(): Promise<void> {
    if (Date.now() - this.lookedAt < LOOK_AGAIN_MS) return;
    this.lookedAt = Date.now();
    await this.load().catch((error: unknown) => this.logger.error({ err: error }, 'the API keys could not be read again; the last ones stay in force'));
  }
}
