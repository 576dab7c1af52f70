import type { AgentProfile, AgentSettings } from './agent-profile.js';

/** Agent profiles by tenant and code. */
export interface AgentsRepository {
  /** The newest version for a call of this tenant: its own agent of that code, else the platform's; undefined when neither exists. */
  forCall(tenant: string, code: string): Promise<AgentProfile | undefined>;
  /** Exactly this version. */
  version(tenant: string, code: string, version: number): Promise<AgentProfile | undefined>;
  /** The newest version of exactly this tenant's agent. */
  latest(tenant: string, code: string): Promise<StoredAgent | undefined>;
  /** The newest version of each agent of the tenants; of all when undefined. */
  list(tenant: string | undefined): Promise<StoredAgent[]>;
  /** Writes the next version; the same settings as the newest version write nothing and return it. */
  put(tenant: string, code: string, settings: AgentSettings): Promise<StoredAgent>;
}

export interface StoredAgent {
  readonly profile: AgentProfile;
  readonly createdAt: Date;
}

/** Injection token. */
export const AGENTS = Symbol('AgentsRepository');
