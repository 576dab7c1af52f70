import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { pause } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { Database, type Session } from '@troncal/persistence';
import { edgeTrunkUser } from '../edge-trunks/edge-trunk.js';
import { TellEdgeTrunks } from '../edge-trunks/tell-edge-trunks.js';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import { VoiceDirectorySource } from '../voice/directory/voice-directory-source.js';
import type { VoiceEnvironment, VoiceTenant } from '../voice/directory/voice-tenant.js';
import { voiceTenantOf } from './voice-tenant-of.js';

/** The tables' triggers tell on it, at each commit. */
const CHANNEL = 'provisioning_declared';
const RETRY_MS = 1_000;

/** The voice directory's source: what is declared, with what was settled of it. Changes are heard from PostgreSQL, whichever replica makes them. */
@Injectable()
export class DeclaredVoiceSource extends VoiceDirectorySource implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners = new Set<() => void>();
  private readonly stopping = new AbortController();
  private session: Session | undefined;
  private listening: Promise<void> | undefined;

  constructor(
    private readonly db: Database,
    private readonly environmentsKept: EnvironmentRepository,
    private readonly facts: ReadTenantFacts,
    private readonly tenants: TenantRepository,
    private readonly accounts: TenantAccounts,
    private readonly edgeTrunks: TellEdgeTrunks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.listening = this.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.session?.close();
    await this.listening;
  }

  async load(): Promise<readonly VoiceTenant[]> {
    const suspended = await this.tenants.suspended();
    const environments = await this.environmentsKept.list();
    const all = await Promise.all(environments.map(async (environment) => (await this.facts.run(environment.name)).tenants.filter(({ state }) => state === 'declared').map((facts) => voiceTenantOf(environment, facts, suspended.has(facts.tenant)))));
    return all.flat();
  }

  async environments(): Promise<readonly VoiceEnvironment[]> {
    const tokens = this.accounts.tokens;
    const passwords = await this.edgeTrunks.passwords();
    const subaccounts = Map.groupBy(await this.accounts.signing(), ({ environment }) => environment);
    return (await this.environmentsKept.list()).map(({ name, publicUrl, fallbackUrl, enhancedSip, edge }) => {
      const password = passwords.get(name);
      return {
        name, publicUrl, ...(fallbackUrl === undefined ? {} : { fallbackUrl }), enhancedSip, tokens,
        subaccounts: (subaccounts.get(name) ?? []).map(({ tenant, sid, tokens: own }) => ({ tenant, sid, tokens: own })),
        ...(edge && password !== undefined && { edge: { ...edge, username: edgeTrunkUser(name), password } }),
      };
    });
  }

  onChanged(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async listen(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        this.session = await this.db.session();
        await this.session.listen(CHANNEL, () => this.tell());
        // What changed while nobody listened.
        this.tell();
        await this.session.ended();
      } catch (error) {
        this.logger.debug({ err: error }, 'changes of declarations can’t be heard now');
      } finally {
        await this.session?.close();
      }
      await pause(RETRY_MS, this.stopping.signal);
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
