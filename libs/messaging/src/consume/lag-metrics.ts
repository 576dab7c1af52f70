import type { Metrics } from '@troncal/observability';
import type { Bus } from '../connection/bus.js';
import type { DurableConsumer } from './durable-consumer.js';

/** Publishes how far each handler is behind. While NATS is away the counts keep their last value. */
export function observeLag(consumers: readonly DurableConsumer[], bus: Bus, metrics: Metrics): void {
  metrics.gauge('troncal_consumer_lag_count', async (pending) => {
    if (!bus.connected) return;
    const manager = await bus.jetStreamManager();
    await Promise.all(
      consumers.map(async (consumer) => {
        const lag = await consumer.lag(manager).catch(() => undefined);
        if (!lag) return;
        pending.set(consumer.labels, lag.pending);
        unsettled.set(consumer.labels, lag.unsettled);
        redelivered.set(consumer.labels, lag.redelivered);
        oldest.set(consumer.labels, lag.oldestMs / 1000);
        late.set(consumer.labels, lag.isLate ? 1 : 0);
      }),
    );
  });
  const unsettled = metrics.gauge('troncal_consumer_unsettled_count');
  const redelivered = metrics.gauge('troncal_consumer_redelivered_count');
  const oldest = metrics.gauge('troncal_consumer_oldest_age_seconds');
  const late = metrics.gauge('troncal_consumer_late_state');
}
