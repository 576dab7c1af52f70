import type { Metrics } from './metrics/metrics.js';
import type { SpanMaker } from './tracing/span.js';

/** Where one service tells what operations want to know. */
export class Telemetry {
  constructor(
    readonly metrics: Metrics,
    /** Absent while tracing is off. */
    readonly spans?: SpanMaker,
  ) {}
}
