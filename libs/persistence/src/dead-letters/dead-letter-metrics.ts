import type { Metrics } from '@troncal/observability';
import type { DeadLetters } from './dead-letters.js';

/** Publishes how many dead letters wait for a decision and how long the oldest has. While the database is away both keep their last value. */
export function observeDeadLetters(letters: DeadLetters, metrics: Metrics): void {
  metrics.gauge('troncal_dead_letters_count', async (count) => {
    const waiting = await letters.waiting().catch(() => undefined);
    if (!waiting) return;
    count.reset();
    age.reset();
    for (const { handler, count: letter, since } of waiting) {
      count.set({ handler }, letter);
      age.set({ handler }, (Date.now() - since.getTime()) / 1000);
    }
  });
  const age = metrics.gauge('troncal_dead_letter_age_seconds');
}
