import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { LOGGER, Schema } from '@troncal/chassis';
import { pause } from '@troncal/kernel';
import { ConsumerRuntime } from '@troncal/messaging';
import { degraded, Health, leftOut, notReady, READY, runOutsideContext, type CheckResult, type Logger } from '@troncal/observability';
import { untilAnswered } from '@troncal/persistence';
import { CallRegistry } from './calls/call-registry.js';
import { LateWrites } from './calls/late-writes.js';
import { EdgeKeeper } from './edges/edge-keeper.js';
import { EdgeTrunkKeeper } from './edge-trunks/edge-trunk-keeper.js';
import { EdgeSessions } from './edges/edge-sessions.js';
import { CallStore } from './journal/call-store.js';
import { PromptRenderer } from './speech/prompt-renderer.js';
import { DirectoryKeeper } from './tenant-directory/directory-keeper.js';
import { TenantDirectory } from './tenant-directory/tenant-directory.js';
import { TRUNK_REPOSITORY, type TrunkRepository } from './trunks/trunk.repository.js';

/** How long events wait for the calls to be taken up. */
const EVENTS_WAIT_MS = 3_000;
const LOOK_MS = 50;

/**
 * Starts the gateway's parts in their order: first what is stored, then the ears, last the connection. Until then callers are served by the
 * dialplan's fallback. On the way out calls are left where they are: the next process takes them up.
 */
@Injectable()
export class GatewayLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private starting: Promise<void> | undefined;
  private opened = false;
  private trouble = 'The gateway is starting: it waits for its database.';

  constructor(
    @Inject(ModuleRef) private readonly parts: ModuleRef,
    @Inject(Schema) private readonly schema: Schema,
    @Inject(Health) health: Health,
    @Inject(EdgeSessions) private readonly sessions: EdgeSessions,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ConsumerRuntime) consumers: ConsumerRuntime,
  ) {
    consumers.holdBack(this.callsTakenUp(), EVENTS_WAIT_MS);
    health.add('edge', () => this.check());
    health.add('declared-edges', () => this.checkDeclared());
  }

  onApplicationBootstrap(): void {
    this.starting = runOutsideContext(() => this.start()).catch((error: unknown) => {
      if (this.stopping.signal.aborted) return;
      this.trouble = 'The gateway could not start; its log says why.';
      this.logger.fatal({ err: error }, 'the gateway could not start');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    // A start that still waits for the database never ends; its parts are stopped all the same.
    if (this.opened) await this.starting;
    this.part(EdgeKeeper).letGo();
    await this.part(CallRegistry).idle();
    await Promise.all([this.part(DirectoryKeeper).stop(), this.part(EdgeTrunkKeeper).stop(), this.part(PromptRenderer).stop()]);
    await this.part(CallStore).close();
    await this.part(LateWrites).stop();
    // Last: whoever takes the edges over finds everything of ours stored.
    await this.part(EdgeKeeper).release();
  }

  /** Of this replica's own edge; at once for one that stands by. */
  private async callsTakenUp(): Promise<void> {
    while (!this.stopping.signal.aborted && this.check().state === 'not_ready') await pause(LOOK_MS, this.stopping.signal);
  }

  private check(): CheckResult {
    if (!this.opened) return notReady(this.trouble);
    if (this.sessions.leftOut !== undefined) return leftOut(`Asterisk of edge ${this.sessions.leftOut} was left out by choice (LEFT_OUT): no calls are served.`);
    const faults = this.part(EdgeKeeper).faults().ofSettings;
    return faults.length === 0 ? READY : notReady(faults.join(' '));
  }

  /** A far Asterisk that is away must not take its holder from the calls of other edges, nor from HTTP: no other replica would fare better. */
  private checkDeclared(): CheckResult {
    const faults = this.opened ? this.part(EdgeKeeper).faults().declared : [];
    return faults.length === 0 ? READY : degraded(faults.join(' '));
  }

  private async start(): Promise<void> {
    await this.schema.ready();
    // Beside each other: after an outage callers wait for the sum of it.
    const prepared = this.prepare();
    await Promise.all([prepared, this.part(EdgeKeeper).start(prepared)]);
    this.opened = true;
    this.part(EdgeTrunkKeeper).wake();
    if (this.sessions.leftOut === undefined) this.part(PromptRenderer).start();
  }

  /** What a session needs: every step stored, and who is who. */
  private async prepare(): Promise<void> {
    const trunks = this.parts.get<TrunkRepository>(TRUNK_REPOSITORY, { strict: false });
    const [all] = await Promise.all([untilAnswered(() => trunks.all(), this.stopping.signal, this.logger), this.part(CallStore).open(), this.part(DirectoryKeeper).start()]);
    this.part(TenantDirectory).setTrunks(all);
  }

  private part<T>(token: abstract new (...args: never[]) => T): T {
    return this.parts.get(token as new (...args: never[]) => T, { strict: false });
  }
}
