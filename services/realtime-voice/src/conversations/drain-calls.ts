import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { AgentLeavingV1, ServingV1 } from '@troncal/contracts';
import { errorText, pause } from '@troncal/kernel';
import { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { LegDoor } from './leg-door.js';
import { LiveConversations, type LiveConversation } from './live-conversations.js';
import { PreparedLegs } from './prepared-legs.js';
import { ReplicaCommands } from './replica-commands.js';

const LOOK_MS = 50;
/** Another replica may come, and go, while this one waits. */
const ASK_EVERY_MS = 500;
/** Moved at once: the others must not get them all in the same instant. */
const AT_ONCE = 20;
/** After the limit: for the answers of a gateway that is slow. */
const LATE_MS = 3_000;

/**
 * Empties this replica without any call noticing. No new calls; each conversation is given up between two turns, as soon as there is another replica,
 * by asking the gateway to attach its agent anew. At the limit the rest is given up wherever it is, and the gateway finds it another process by
 * its own retries.
 */
@Injectable()
export class DrainCalls {
  constructor(
    private readonly live: LiveConversations,
    private readonly prepared: PreparedLegs,
    private readonly door: LegDoor,
    private readonly replica: ReplicaCommands,
    private readonly commands: CommandClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when no conversation is live here, at the latest a few seconds after `limitMs`. */
  async execute(limitMs: number): Promise<void> {
    const began = performance.now();
    this.door.close();
    await this.replica.leave();
    this.prepared.clear();
    this.logger.info({ calls: this.live.size, limitMs }, 'draining: no new calls, and those that are here move');
    const moving = new Map<string, Promise<void>>();
    let [served, askedAt] = [false, -Infinity];
    for (let now = began; this.live.size > 0 && now - began < limitMs + LATE_MS; now = performance.now()) {
      const late = now - began >= limitMs;
      if (!late && now - askedAt >= ASK_EVERY_MS) [served, askedAt] = [await this.othersServe(), now];
      for (const live of this.live.all()) {
        if (moving.size >= AT_ONCE || moving.has(live.callId) || !(late || (served && live.dialogue.atBoundary))) continue;
        moving.set(live.callId, this.move(live).finally(() => moving.delete(live.callId)));
      }
      await pause(LOOK_MS);
    }
    await Promise.all(moving.values());
    this.logger.info({ left: this.live.size, tookMs: Math.round(performance.now() - began) }, 'drained');
  }

  private async othersServe(): Promise<boolean> {
    try {
      await this.commands.ask(ServingV1, {});
      return true;
    } catch {
      return false;
    }
  }

  private async tellGateway({ callId, legId }: LiveConversation): Promise<void> {
    try {
      await this.commands.ask(AgentLeavingV1, { callId, legId });
    } catch (error) {
      // It hears of the leg's end in any case, and then counts a failed try.
      this.logger.warn({ callId, reason: errorText(error) }, 'the gateway was not told that a call moves');
    }
  }

  private async move(live: LiveConversation): Promise<void> {
    const { callId } = live;
    // Twilio goes on with a stream that is closed by asking what next, and hears: the same, elsewhere.
    if (!live.streamed) await this.tellGateway(live);
    if (this.live.get(callId) === live) await this.live.letGo(callId, undefined, LATE_MS);
  }
}
