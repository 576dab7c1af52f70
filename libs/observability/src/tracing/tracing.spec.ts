import { newCallId, PermanentError } from '@troncal/kernel';
import { OtlpCollector } from '@troncal/simulator-otlp-collector';
import { eventually } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runInContext } from '../context.js';
import { createLogger } from '../logger.js';
import { Metrics } from '../metrics/metrics.js';
import { callTrace, newTrace } from '../trace.js';
import { inSpan, startSpan } from './in-span.js';
import { openTracing } from './open-tracing.js';
import type { TraceSink } from './span.js';
import type { SpanAttributes } from './span-attributes.js';
import { traceSettings, type OtelVariables } from './trace-settings.js';

const base: OtelVariables = {
  OTEL_SDK_DISABLED: false, OTEL_EXPORTER_OTLP_TIMEOUT: 2_000, OTEL_EXPORTER_OTLP_COMPRESSION: 'none', OTEL_RESOURCE_ATTRIBUTES: '', OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  OTEL_TRACES_SAMPLER_ARG: 1, OTEL_BSP_MAX_QUEUE_SIZE: 2_048, OTEL_BSP_SCHEDULE_DELAY: 20,
};
const logger = createLogger({ service: 'spec', level: 'silent' });
let collector: OtlpCollector;
let metrics: Metrics;
let sink: TraceSink | undefined;

async function open(env: Partial<OtelVariables> = {}): Promise<TraceSink> {
  const settings = traceSettings('spec', { ...base, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  if (!settings) throw new Error('tracing is off');
  return (sink = await openTracing(settings, metrics, logger));
}
const spansOf = async (outcome: string): Promise<number> => Number(new RegExp(`troncal_trace_spans_total\\{outcome="${outcome}",service="spec"\\} (\\d+)`).exec(await metrics.text())?.[1]);

beforeEach(async () => {
  collector = await OtlpCollector.start();
  metrics = new Metrics('spec');
});
afterEach(async () => {
  collector.fault = 'none';
  await sink?.close();
  sink = undefined;
  await collector.close();
});

describe('tracing', () => {
  it.each([{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_SDK_DISABLED: true }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_TRACES_SAMPLER: 'always_off' as const }])('is off with %j', (env) => {
    expect(traceSettings('spec', { ...base, ...env })).toBeUndefined();
  });

  it('does the work all the same while it is off', async () => {
    expect(inSpan('a', {}, () => 1)).toBe(1);
    await expect(inSpan('a', {}, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    const trace = newTrace();
    expect(runInContext({ trace }, () => startSpan('a').trace)).toEqual(trace);
  });

  it('reads the variables as OpenTelemetry has them', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20x, a = b', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod', OTEL_SERVICE_NAME: 'acme', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' as const };
    expect(traceSettings('ticketing', { ...base, ...env })).toMatchObject({
      url: 'http://c:4318/v1/traces', headers: { authorization: 'Basic x', a: 'b' }, compress: true, resource: { 'service.name': 'acme-ticketing', 'service.namespace': 'troncal', 'deployment.environment.name': 'prod' },
    });
    expect(traceSettings('x', { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/own' })?.url).toBe('http://t/own');
  });

  it('has one context with our own: spans are children of the work around them, and log lines and events of the span', async () => {
    const spans = await open();
    const callId = newCallId();
    const inner = runInContext({ spans, tenant: 'demo', call: callId, trace: callTrace(callId) }, () => inSpan('outer', { kind: 'server' }, (outer) => inSpan('inner', {}, (span) => [outer.trace, span.trace] as const)));
    await eventually('both came', () => collector.spans.length === 2);
    const [inside, outside] = collector.spans;
    expect(outside).toMatchObject({ name: 'outer', kind: 'server', service: 'spec', traceId: callId.replaceAll('-', ''), spanId: inner[0].spanId, attributes: { 'troncal.tenant': 'demo', 'troncal.call.id': callId } });
    expect(inside).toMatchObject({ name: 'inner', spanId: inner[1].spanId, parentSpanId: outside?.spanId, traceId: outside?.traceId });
    expect(outside?.parentSpanId).toBe(callTrace(callId).spanId);
    expect(outside?.end).toBeGreaterThanOrEqual(outside?.start ?? Infinity);
  });

  it('tells the root of a call after its children, with its own known id and no parent', async () => {
    const spans = await open();
    const callId = newCallId();
    const cause = newTrace();
    spans.open('call', { root: callTrace(callId), startedAt: 1_700_000_000_000, links: [cause] }).end(1_700_000_005_500);
    await eventually('it came', () => collector.spans.length === 1);
    expect(collector.spans[0]).toMatchObject({ traceId: callTrace(callId).traceId, spanId: callTrace(callId).spanId, parentSpanId: undefined, start: 1_700_000_000_000, end: 1_700_000_005_500, links: [{ traceId: cause.traceId, spanId: cause.spanId }] });
  });

  it('notes failures, synchronous and not, and hands them on', async () => {
    const spans = await open();
    const work = runInContext({ spans }, () => {
      expect(() => inSpan('sync', {}, () => { throw new PermanentError('no_trunk', 'no way to +56 2 2345 6789'); })).toThrow('no way');
      return inSpan('async', {}, () => Promise.reject(new TypeError('later')));
    });
    await expect(work).rejects.toThrow('later');
    await eventually('both came', () => collector.spans.length === 2);
    expect(collector.spans.map(({ failed, attributes }) => [failed, attributes['error.type']])).toEqual([[true, 'no_trunk'], [true, 'TypeError']]);
    expect(collector.spans[0]?.message).not.toContain('2345');
  });

  it('lets out nothing that is not listed, and no number in full', async () => {
    const spans = await open();
    const attributes = { 'troncal.leg.id': 'to +56 9 8765 4321', 'http.route': '/api/calls/:id', password: 'hunter2', text: 'hello' } as SpanAttributes;
    const span = spans.open('a', { attributes });
    span.event('b', attributes);
    span.set({ digit: '7' } as SpanAttributes);
    span.end();
    await eventually('it came', () => collector.spans.length === 1);
    expect(Object.keys(collector.spans[0]?.attributes ?? {})).toEqual(['troncal.leg.id', 'http.route']);
    expect(JSON.stringify(collector.spans)).not.toMatch(/8765|hunter2|hello|"7"/);
  });

  it('samples a call alike in every service, by its trace id', async () => {
    const spans = await open({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: 0.5 });
    const calls = Array.from({ length: 200 }, newCallId);
    for (const call of calls) {
      const step = spans.open('step', { parent: callTrace(call) });
      spans.open('below', { parent: step.trace }).end();
      step.end();
      spans.open('call', { root: callTrace(call) }).end();
    }
    await sink?.close();
    const perCall = calls.map((call) => collector.ofTrace(callTrace(call).traceId).length);
    expect(new Set(perCall)).toEqual(new Set([0, 3]));
    expect(perCall.filter((spansOfIt) => spansOfIt > 0).length).toBeGreaterThan(60);
    expect(perCall.filter((spansOfIt) => spansOfIt > 0).length).toBeLessThan(140);
  });

  it('sends the given headers, packed if asked to', async () => {
    const spans = await open({ OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
    spans.open('a').end();
    await eventually('it came', () => collector.spans.length === 1);
    expect(collector.headers).toMatchObject({ 'x-key': 'secret', 'content-encoding': 'gzip' });
  });
});

describe('a collector that', () => {
  it.each(['refuse', 'broken', 'cut', 'hang'] as const)('answers with %s costs spans, counted, and no memory beyond the queue', async (fault) => {
    collector.fault = fault;
    const spans = await open({ OTEL_BSP_MAX_QUEUE_SIZE: 64, OTEL_EXPORTER_OTLP_TIMEOUT: 300 });
    for (let index = 0; index < 500; index += 1) spans.open('a').end();
    await eventually('the first batch is given up', async () => (await spansOf('failed')) >= 64);
    // One batch under way and one queue full; everything else was dropped at once.
    expect(await spansOf('dropped')).toBeGreaterThanOrEqual(500 - 2 * 64);
    collector.fault = 'none';
    await eventually('it is used again', async () => {
      spans.open('after').end();
      return collector.spans.some((span) => span.name === 'after');
    });
  });

  it('is slow gets everything in the end', async () => {
    collector.fault = 'slow';
    const spans = await open();
    spans.open('a').end();
    await eventually('it came', async () => (await spansOf('sent')) === 1);
    expect(collector.requests).toBe(1);
  });

  it('hangs does not hold up the end of the process', async () => {
    collector.fault = 'hang';
    const spans = await open({ OTEL_EXPORTER_OTLP_TIMEOUT: 60_000 });
    spans.open('a').end();
    const closed = spans.close().then(() => 'closed');
    expect(await Promise.race([closed, new Promise((resolve) => setTimeout(() => resolve('still waiting'), 10_000).unref())])).toBe('closed');
  });
});
