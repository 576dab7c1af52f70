/** Where spans go and which: OpenTelemetry's own variables, parsed. */
export interface TraceSettings {
  /** Whole address for spans: `…/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compress: boolean;
  /** For one batch, its repetitions included. */
  readonly timeoutMs: number;
  readonly sampler: TraceSampler;
  /** For the ratio samplers: 0 to 1. */
  readonly ratio: number;
  readonly resource: Readonly<Record<string, string>>;
  /** Spans that wait at most; what comes on top is dropped and counted. */
  readonly maxWaiting: number;
  readonly sendEveryMs: number;
}

export const TRACE_SAMPLERS = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;
export type TraceSampler = (typeof TRACE_SAMPLERS)[number];

/** The variables as a service's settings hold them. */
export interface OtelVariables {
  readonly OTEL_SDK_DISABLED: boolean;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TIMEOUT: number;
  readonly OTEL_EXPORTER_OTLP_COMPRESSION: 'none' | 'gzip';
  /** Put before the service's name: one environment serves all of them. */
  readonly OTEL_SERVICE_NAME?: string | undefined;
  readonly OTEL_RESOURCE_ATTRIBUTES: string;
  readonly OTEL_TRACES_SAMPLER: TraceSampler;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
  readonly OTEL_BSP_MAX_QUEUE_SIZE: number;
  readonly OTEL_BSP_SCHEDULE_DELAY: number;
}

/** The settings of a service; undefined when tracing is off, as it is without an endpoint. */
export function traceSettings(service: string, env: OtelVariables): TraceSettings | undefined {
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? undefined : `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`);
  if (url === undefined || env.OTEL_SDK_DISABLED || env.OTEL_TRACES_SAMPLER === 'always_off') return undefined;
  return {
    url,
    headers: pairs(env.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    compress: env.OTEL_EXPORTER_OTLP_COMPRESSION === 'gzip',
    timeoutMs: env.OTEL_EXPORTER_OTLP_TIMEOUT,
    sampler: env.OTEL_TRACES_SAMPLER,
    ratio: env.OTEL_TRACES_SAMPLER_ARG,
    resource: {
      'service.namespace': 'troncal',
      ...pairs(env.OTEL_RESOURCE_ATTRIBUTES),
      'service.name': env.OTEL_SERVICE_NAME === undefined || env.OTEL_SERVICE_NAME === '' ? service : `${env.OTEL_SERVICE_NAME}-${service}`,
    },
    maxWaiting: env.OTEL_BSP_MAX_QUEUE_SIZE,
    sendEveryMs: env.OTEL_BSP_SCHEDULE_DELAY,
  };
}

/** `a=1,b=2` with percent-encoded values, as the variables have it (W3C Baggage). */
function pairs(text: string): Record<string, string> {
  const entries = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(entries);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
