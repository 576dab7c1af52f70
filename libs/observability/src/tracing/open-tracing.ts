import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { TraceSink } from './span.js';
import type { TraceSettings } from './trace-settings.js';

/** Begins to send spans. The SDK is loaded here and nowhere else, so that a service without tracing doesn't carry it. */
export async function openTracing(settings: TraceSettings, metrics: Metrics, logger: Logger): Promise<TraceSink> {
  const { Tracing } = await import('./tracing.js');
  return new Tracing(settings, metrics, logger);
}
