import { setTimeout as sleep } from 'node:timers/promises';
import { CallStartedV1, EdgeConnectedV1, type CallView, type EventDefinition } from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import type { Troncal } from '../troncal/troncal.js';
import type { Stage } from './fault.js';

const LOOK_MS = 50;
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

export interface Converging {
  /** The gateway must have come back and reconciled since the fault was over. */
  readonly edgeReconnects: boolean;
}

/**
 * Waits until all is as it should be: every service ready, every steady call live in the projection, nothing unsent, and the edge reconciled if
 * it was lost. Gives the moment (ms since the epoch), null when it takes longer than a minute.
 */
export async function convergedAt({ troncal, workload, room }: Stage, listener: Listener, liftedAtMs: number, { edgeReconnects }: Converging): Promise<number | null> {
  while (Date.now() - liftedAtMs < GIVE_UP_MS) {
    if ((await troncal.isReady()) && (!edgeReconnects || listener.since(EdgeConnectedV1, liftedAtMs).length > 0) && (await isWhole({ troncal, workload, room }))) return Date.now();
    await sleep(LOOK_MS);
  }
  return null;
}

async function isWhole({ troncal, workload, room }: Pick<Stage, 'troncal' | 'workload' | 'room'>): Promise<boolean> {
  try {
    const unsent = Object.values(await room.unsent()).reduce((sum, count) => sum + count, 0);
    const { calls } = await troncal.api.expect<{ calls: CallView[] }>('GET', `/api/calls?live&tenant=${workload.tenant}&limit=200`);
    const live = new Set(calls.map((call) => call.from));
    // A few are always on their way while commands come in; a backlog is what an outage leaves.
    return unsent <= ALWAYS_ON_THEIR_WAY && workload.steadyCalls.every(({ extension, call }) => call.callEnd !== undefined || live.has(extension));
  } catch {
    return false;
  }
}

const ALWAYS_ON_THEIR_WAY = 3;

/** How many callers the gateway has taken in since then who had met the dialplan's fallback first. */
export function adoptedSince(listener: Listener, sinceMs: number): number {
  return listener.since(CallStartedV1, sinceMs).filter(({ envelope }) => (envelope.data as { viaFallback?: boolean }).viaFallback === true).length;
}
