import type { Launcher } from './launcher.js';

/** What whoever started the launcher with an IPC channel may ask of it. Without a channel there is nobody to ask. */
export interface LauncherOrder {
  /** Chosen by who asks; the answer carries it. */
  readonly id: number;
  /** `hold`: these processes stay down when they end. `release`: whatever of them is down is started. */
  readonly order: 'hold' | 'release';
  readonly names: readonly string[];
}

/** The answer to an order: it is done, or why not. */
export interface LauncherAnswer {
  readonly id: number;
  readonly fault: string | null;
}

/** Obeys orders that come over the IPC channel, one answer each. A test of an outage holds processes down with them. */
export function obeyOrders(launcher: Pick<Launcher, 'hold' | 'release'>): void {
  process.on('message', (message) => {
    if (!isOrder(message)) return;
    const { id, order, names } = message;
    const answer = (fault: string | null): unknown => process.send?.({ id, fault } satisfies LauncherAnswer);
    Promise.resolve()
      .then(() => launcher[order](names))
      .then(() => answer(null))
      .catch((error: unknown) => answer(error instanceof Error ? error.message : String(error)));
  });
}

function isOrder(message: unknown): message is LauncherOrder {
  const { id, order, names } = (message ?? {}) as Partial<Record<keyof LauncherOrder, unknown>>;
  return typeof id === 'number' && (order === 'hold' || order === 'release') && Array.isArray(names) && names.every((name) => typeof name === 'string');
}
