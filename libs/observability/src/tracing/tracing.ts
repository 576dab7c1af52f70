import { ROOT_CONTEXT, SpanKind as ApiKind, trace as api, TraceFlags, type Context, type SpanContext, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { withDeadline } from '@troncal/kernel';
import { currentContext } from '../context.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { newSpanId, newTrace, rootSpanId, type Trace } from '../trace.js';
import { CountingExporter } from './counting-exporter.js';
import { OtelSpan, toAttributes } from './otel-span.js';
import { samples, samplerOf } from './sampling.js';
import type { SpanAttributes } from './span-attributes.js';
import type { Span, SpanKind, SpanOptions, TraceSink } from './span.js';
import type { TraceSettings } from './trace-settings.js';

const KINDS: Readonly<Record<SpanKind, ApiKind>> = { internal: ApiKind.INTERNAL, server: ApiKind.SERVER, client: ApiKind.CLIENT, producer: ApiKind.PRODUCER, consumer: ApiKind.CONSUMER };
/** The last spans of a process are worth this much of its shutdown, ms. */
const LAST_WORDS_MS = 2_000;

/**
 * The spans of one service, on OpenTelemetry's SDK. Its context and ours are one: a span's parent comes from our own context, and its own trace
 * goes there; the SDK's global context and propagators are not used. A collector that is away, slow or refuses costs dropped spans and nothing else: at most
 * `maxWaiting` of them are kept, and one batch is under way at a time.
 */
export class Tracing implements TraceSink {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  /** The ids of the root that is being opened; the SDK asks for them while it starts a span. */
  private root: Trace | undefined;
  private closing: Promise<void> | undefined;

  /** @param exporter where the spans go, for tests; the settings' collector when absent */
  constructor(
    private readonly settings: TraceSettings,
    metrics: Metrics,
    logger: Logger,
    exporter: SpanExporter = collector(settings),
  ) {
    const counted = new CountingExporter(exporter, metrics, logger, settings.maxWaiting);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ ...settings.resource }),
      sampler: samplerOf(settings),
      idGenerator: { generateTraceId: () => this.root?.traceId ?? newTrace().traceId, generateSpanId: () => this.root?.spanId ?? newSpanId() },
      spanProcessors: [counted.before(new BatchSpanProcessor({
        exporter: counted, maxQueueSize: settings.maxWaiting, maxExportBatchSize: Math.min(512, settings.maxWaiting), scheduledDelayMillis: settings.sendEveryMs,
        exportTimeoutMillis: settings.timeoutMs + 1_000,
      }))],
    });
    this.tracer = this.provider.getTracer('troncal');
  }

  open(name: string, options: SpanOptions = {}): Span {
    const { root } = options;
    const parent = root ? undefined : (options.parent ?? currentContext()?.trace);
    this.root = root;
    const span = this.tracer.startSpan(
      name,
      {
        kind: KINDS[options.kind ?? 'internal'],
        attributes: toAttributes({ ...workAttributes(), ...options.attributes }),
        ...(options.links && { links: options.links.map((link) => ({ context: contextOf(link) })) }),
        ...(options.startedAt !== undefined && { startTime: options.startedAt }),
      },
      parent ? this.within(parent) : ROOT_CONTEXT,
    );
    this.root = undefined;
    return new OtelSpan(span, parent?.spanId);
  }

  close(): Promise<void> {
    return (this.closing ??= withDeadline(this.provider.shutdown(), LAST_WORDS_MS, 'Sending the last spans').catch(() => {}));
  }

  /** Nobody has decided yet whether the trace of a call is sampled: its root is known before it is told. All services decide it alike, by its trace id. */
  private within(parent: Trace): Context {
    const undecided = parent.spanId === rootSpanId(parent.traceId);
    return api.setSpanContext(ROOT_CONTEXT, contextOf(undecided ? { ...parent, sampled: samples(this.settings, parent.traceId) } : parent));
  }
}

/** What every span tells of the work around it. */
function workAttributes(): SpanAttributes {
  const context = currentContext();
  return { 'troncal.tenant': context?.tenant, 'troncal.call.id': context?.call };
}

function contextOf({ traceId, spanId, sampled }: Trace): SpanContext {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function collector({ url, headers, timeoutMs, compress }: TraceSettings): SpanExporter {
  return new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: timeoutMs, ...(compress && { compression: CompressionAlgorithm.GZIP }) });
}
