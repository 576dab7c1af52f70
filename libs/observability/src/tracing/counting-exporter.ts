import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { errorText } from '@troncal/kernel';
import type { Logger } from '../logger.js';
import type { Counter, Metrics } from '../metrics/metrics.js';

type Export = SpanExporter['export'];
/** Between two words in the log about a collector that does not take spans, ms. */
const COMPLAIN_EVERY_MS = 60_000;

/** An exporter whose outcomes can be seen: counted, and said in the log now and then. Also counts what the full queue before it drops. */
export class CountingExporter implements SpanExporter {
  private readonly spans: Counter<'outcome'>;
  private waiting = 0;
  private complainedAt = -Infinity;

  constructor(
    private readonly inner: SpanExporter,
    metrics: Metrics,
    private readonly logger: Logger,
    private readonly maxWaiting: number,
  ) {
    this.spans = metrics.counter('troncal_trace_spans_total');
    for (const outcome of ['sent', 'failed', 'dropped']) this.spans.inc({ outcome }, 0);
  }

  /** The processor that queues for this exporter, counted the way it counts (SDK 3.1: a full queue drops without telling). */
  before(queue: SpanProcessor): SpanProcessor {
    return {
      onStart: (span, context) => queue.onStart(span, context),
      onEnd: (span) => {
        if ((span.spanContext().traceFlags & 1) === 1) this.queued();
        queue.onEnd(span);
      },
      forceFlush: () => queue.forceFlush(),
      shutdown: () => queue.shutdown(),
    };
  }

  export(spans: ReadableSpan[], done: Parameters<Export>[1]): void {
    this.waiting -= spans.length;
    this.inner.export(spans, (result) => {
      this.spans.inc({ outcome: result.code === 0 ? 'sent' : 'failed' }, spans.length);
      if (result.code !== 0) this.complain(errorText(result.error), spans.length);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  private queued(): void {
    if (this.waiting < this.maxWaiting) this.waiting += 1;
    else this.spans.inc({ outcome: 'dropped' });
  }

  private complain(reason: string, spans: number): void {
    const now = performance.now();
    if (now - this.complainedAt < COMPLAIN_EVERY_MS) return;
    this.complainedAt = now;
    this.logger.warn({ reason, spans }, 'the collector of traces did not take spans; they are lost, calls are not affected');
  }
}
