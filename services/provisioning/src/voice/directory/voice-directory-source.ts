import type { VoiceEnvironment, VoiceTenant } from './voice-tenant.js';

/** What the directory is made of; bound to whoever keeps the declarations. */
export abstract class VoiceDirectorySource {
  /** All tenants of all environments. @throws while it can't tell, for example because PostgreSQL is away: then the last known ones stay in force */
  abstract load(): Promise<readonly VoiceTenant[]>;

  /** All environments. @throws as {@link load} */
  abstract environments(): Promise<readonly VoiceEnvironment[]>;

  /** Calls back whenever either may have become another; what is returned ends it. A change that nobody tells of is seen at the next regular reading. */
  abstract onChanged(listener: () => void): () => void;
}
