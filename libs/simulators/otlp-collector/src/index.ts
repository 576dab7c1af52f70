export { OtlpCollector, type CollectorFault } from './collector.js';
export type { Attributes, ReceivedSpan } from './received-span.js';
