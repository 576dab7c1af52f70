import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, SamplingDecision, TraceIdRatioBasedSampler, type Sampler } from '@opentelemetry/sdk-trace';
import type { TraceSettings } from './trace-settings.js';

type Choice = Pick<TraceSettings, 'sampler' | 'ratio'>;

/** The sampler that OTEL_TRACES_SAMPLER names. */
export function samplerOf(choice: Choice): Sampler {
  return choice.sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root: beginning(choice) }) : beginning(choice);
}

/** Whether a trace that nobody has decided about is sampled; the same answer in every service of the same settings. */
export function samples(choice: Choice, traceId: string): boolean {
  return beginning(choice).shouldSample(ROOT_CONTEXT, traceId, '', SpanKind.INTERNAL, {}, []).decision === SamplingDecision.RECORD_AND_SAMPLED;
}

function beginning({ sampler, ratio }: Choice): Sampler {
  if (sampler.endsWith('always_off')) return new AlwaysOffSampler();
  return sampler.endsWith('traceidratio') ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}
