import type { CallEffect } from '../machine/call-effect.js';
import type { CallMessage } from '../machine/call-message.js';
import type { Tell } from './tell.js';

type Timer = Extract<CallEffect, { kind: 'timer' }>;

/** The waits of calls; one of each name per call, a new one takes the old one's place. They die with the process and are set anew on re-owning. */
export class CallTimers {
  private readonly timers = new Map<string, Map<Timer['name'], NodeJS.Timeout>>();

  constructor(private readonly tell: Tell) {}

  set(callId: string, timer: Timer): void {
    const mine = this.timers.get(callId) ?? new Map<Timer['name'], NodeJS.Timeout>();
    this.timers.set(callId, mine);
    clearTimeout(mine.get(timer.name));
    mine.set(timer.name, setTimeout(() => {
      mine.delete(timer.name);
      this.tell(callId, messageOf(timer));
    }, timer.ms));
  }

  stop(callId: string, name: Timer['name']): void {
    const mine = this.timers.get(callId);
    clearTimeout(mine?.get(name));
    mine?.delete(name);
  }

  stopAll(callId: string): void {
    for (const timer of this.timers.get(callId)?.values() ?? []) clearTimeout(timer);
    this.timers.delete(callId);
  }

  /** For the shutdown. */
  close(): void {
    for (const callId of this.timers.keys()) this.stopAll(callId);
  }
}

function messageOf({ name, step }: Timer): CallMessage {
  switch (name) {
    case 'digit':
      return { kind: 'flow', input: { kind: 'digit_timeout', step } };
    case 'ring':
      return { kind: 'ring_timeout', step };
    case 'queue':
      return { kind: 'queue_timeout', step };
    case 'agent_retry':
      return { kind: 'agent_retry', step };
    case 'park':
      return { kind: 'park_timeout' };
    case 'pickup':
      return { kind: 'pickup_timeout' };
    case 'consult':
      return { kind: 'consult_timeout' };
  }
}
