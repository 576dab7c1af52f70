import { setTimeout as sleep } from 'node:timers/promises';
import { CallStartedV1, ConversationStartedV1, type CallView, type EventDefinition } from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import type { Troncal } from '../troncal/troncal.js';
import type { Stage } from './fault.js';

/** Each look is work for a machine that has little to spare just then. */
const LOOK_MS = 100;
const GIVE_UP_MS = 60_000;

/** Hears the bus from now on, across its own outages. */
export class Listener {
  private constructor(
    private readonly tail: Tail,
    readonly events: readonly SeenEvent[],
  ) {}

  static async open(troncal: Troncal): Promise<Listener> {
    const { nats } = troncal.first;
    const events: SeenEvent[] = [];
    const tail = await tailEvents({ url: nats.url, ...nats.observer }, (event) => events.push(event));
    await tail.started;
    return new Listener(tail, events);
  }

  /** Events of a type whose fact is not older than this (ms since the epoch). */
  since(definition: EventDefinition, sinceMs: number): SeenEvent[] {
    return this.events.filter(({ envelope }) => envelope.type === definition.type && Date.parse(envelope.time) >= sinceMs);
  }

  stop(): Promise<void> {
    return this.tail.stop();
  }
}

/** One thing that must hold again. */
export type Step = readonly [name: string, holds: () => Promise<boolean>];

/** Every service says that it is ready. */
export const everythingReady = ({ troncal }: Stage): Step => ['every service ready', () => troncal.isReady()];
/** The gateway has taken up its calls since it came back. */
export const edgeReconciled = ({ room }: Stage, sinceMs: number): Step => ['calls re-owned', () => room.edgeReconciledSince(sinceMs)];
/** Every steady call is live for whoever asks. */
export const callsLive = (stage: Stage): Step => ['calls live in the API', () => callsAreLive(stage)];
/** What was kept back is on the bus. */
export const outboxesEmpty = (stage: Stage): Step => ['outboxes empty', () => outboxesAreEmpty(stage)];

/** The running realtime-voice, there since `sinceMs`, speaks with each steady caller who has an agent. */
export const AGENTS_BACK = 'agents back';
export const agentsBack = ({ workload }: Stage, listener: Listener, callIds: ReadonlyMap<string, string>, sinceMs: number): Step => [
  AGENTS_BACK,
  () => {
    const withAgent = new Set(listener.since(ConversationStartedV1, sinceMs).map(({ envelope }) => (envelope.data as { callId?: string }).callId));
    return Promise.resolve(workload.agentCalls.every(({ extension, call }) => call.callEnd !== undefined || withAgent.has(callIds.get(extension))));
  },
];

/** The live calls by their caller's extension. */
export async function liveCallIds({ troncal, workload }: Stage): Promise<Map<string, string>> {
  const { calls } = await troncal.api.expect<{ calls: CallView[] }>('GET', `/api/calls?live&tenant=${workload.tenant}&limit=200`);
  return new Map(calls.map((call) => [call.from, call.callId]));
}

/** When all was as it should be again, ms since the epoch; null: not within a minute. And what came when on the way there. */
export interface Converged {
  readonly atMs: number | null;
  readonly steps: string;
  /** How long each took, ms, by its name; those that never held are not in it. */
  readonly reached: ReadonlyMap<string, number>;
}

/**
 * Waits until all steps hold, each as of its latest look; one that is long in answering keeps no other from being looked at. `beside` are looked at
 * and told, and waited for, but do not count.
 */
export async function convergence(liftedAtMs: number, steps: readonly Step[], beside: readonly Step[] = []): Promise<Converged> {
  const all = [...steps, ...beside];
  const reached = new Map<string, number>();
  const holding = new Set<string>();
  const hold = (these: readonly Step[]): boolean => these.every(([name]) => holding.has(name));
  let atMs: number | null = null;
  const follow = async ([name, holds]: Step): Promise<void> => {
    while (!hold(all) && Date.now() - liftedAtMs < GIVE_UP_MS) {
      if (!(await attempt(holds))) holding.delete(name);
      else {
        holding.add(name);
        if (!reached.has(name)) reached.set(name, Date.now() - liftedAtMs);
        if (hold(steps)) atMs ??= Date.now();
      }
      await sleep(LOOK_MS);
    }
  };
  await Promise.all(all.map(follow));
  return { atMs, steps: told(all, reached), reached };
}

const told = (steps: readonly Step[], reached: ReadonlyMap<string, number>): string => steps.map(([name]) => `${name} ${reached.has(name) ? `after ${reached.get(name)} ms` : 'never'}`).join(', ');

/** What can't be asked doesn't hold yet. */
async function attempt(holds: Step[1]): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}

async function callsAreLive(stage: Stage): Promise<boolean> {
  const live = await liveCallIds(stage);
  return stage.workload.steadyCalls.every(({ extension, call }) => call.callEnd !== undefined || live.has(extension));
}

async function outboxesAreEmpty({ room }: Stage): Promise<boolean> {
  const unsent = Object.values(await room.unsent()).reduce((sum, count) => sum + count, 0);
  return unsent <= ALWAYS_ON_THEIR_WAY;
}

/** While commands come in, a few events are always on their way; a backlog is what an outage leaves. */
const ALWAYS_ON_THEIR_WAY = 3;

/** How many callers the gateway has taken in since then who had met the dialplan's fallback first. */
export function adoptedSince(listener: Listener, sinceMs: number): number {
  return listener.since(CallStartedV1, sinceMs).filter(({ envelope }) => (envelope.data as { viaFallback?: boolean }).viaFallback === true).length;
}
