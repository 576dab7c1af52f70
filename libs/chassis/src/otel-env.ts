import { flag, secret, url, wholeNumber } from '@troncal/config';
import { TRACE_SAMPLERS } from '@troncal/observability';
import { z } from 'zod';

/** OpenTelemetry's own variables, those that mean something here. Without an endpoint nothing is traced. */
export const otelEnv = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http', 'https']).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url(['http', 'https']).optional(),
  /** `name=value,…`, values percent-encoded; often the collector's key. */
  OTEL_EXPORTER_OTLP_HEADERS: secret().optional(),
  OTEL_EXPORTER_OTLP_TIMEOUT: wholeNumber(100, 60_000).default(10_000),
  OTEL_EXPORTER_OTLP_COMPRESSION: z.enum(['none', 'gzip']).describe('none or gzip').default('none'),
  /** Put before the service's name: `acme` makes `acme-ari-gateway`. */
  OTEL_SERVICE_NAME: z.string().describe("a word before the service's name").optional(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().describe('attributes of every span, name=value,…').default(''),
  OTEL_TRACES_SAMPLER: z.enum(TRACE_SAMPLERS).describe(`one of ${TRACE_SAMPLERS.join(', ')}`).default('parentbased_always_on'),
  /** The share of traces, for the ratio samplers. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).describe('a number from 0 to 1').default(1),
  OTEL_SDK_DISABLED: flag().default(false),
  OTEL_BSP_MAX_QUEUE_SIZE: wholeNumber(16, 1_000_000).default(2_048),
  OTEL_BSP_SCHEDULE_DELAY: wholeNumber(10, 60_000).default(1_000),
};
