import type { Call } from '../../calls/call.js';

/** Why two calls aren't connected any more. */
export type BridgeEnd = 'hung-up' | 'interrupted' | 'taken' | 'star' | 'time';

export interface BridgeOptions {
  readonly signal: AbortSignal;
  readonly limitMs: number;
  /** `*` of the first one ends it. */
  readonly endsOnStar: boolean;
}

/** Connects two answered calls: what one says or presses the other hears, until one of them is gone or it is ended. Hangs up neither. */
export async function bridge(one: Call, other: Call, { signal, limitMs, endsOnStar }: BridgeOptions): Promise<BridgeEnd> {
  const undo: (() => void)[] = [];
  const ended = new Promise<BridgeEnd>((resolve) => {
    const on = (when: AbortSignal, end: BridgeEnd): void => {
      const act = (): void => resolve(end);
      if (when.aborted) act();
      when.addEventListener('abort', act, { once: true });
      undo.push(() => when.removeEventListener('abort', act));
    };
    on(one.over, 'hung-up');
    on(other.over, 'hung-up');
    on(signal, 'interrupted');
    const timer = setTimeout(() => resolve('time'), Math.min(limitMs, 2 ** 31 - 1));
    undo.push(
      () => clearTimeout(timer),
      one.onAudio((ulaw) => other.send(ulaw)),
      other.onAudio((ulaw) => one.send(ulaw)),
      one.onDigit((digit) => (endsOnStar && digit === '*' ? resolve('star') : other.line.press(digit))),
      other.onDigit((digit) => one.line.press(digit)),
      other.onTaken(() => resolve('taken')),
    );
  });
  try {
    return await ended;
  } finally {
    for (const each of undo) each();
  }
}
