import { CALL_METRICS } from './call-metrics.js';
import { RAIL_METRICS } from './rail-metrics.js';
import { SERVICE_METRICS } from './service-metrics.js';
import { TWILIO_METRICS } from './twilio-metrics.js';
import { VOICE_METRICS } from './voice-metrics.js';

/** Every metric there is. `docs/metrics.md` is written from it, and the alerts and dashboards may use nothing else. */
export const METRICS = { ...SERVICE_METRICS, ...CALL_METRICS, ...RAIL_METRICS, ...VOICE_METRICS, ...TWILIO_METRICS } as const;

type All = typeof METRICS;
type Kind = All[keyof All]['kind'];

/** Names of one kind. */
export type MetricName<K extends Kind> = { readonly [Name in keyof All]: All[Name]['kind'] extends K ? Name : never }[keyof All];

/** The labels of a metric. */
export type LabelsOf<Name extends keyof All> = keyof All[Name]['labels'] & string;
