import { newCallId, newLegId } from '@troncal/kernel';
import { callTrace, createLogger, formatTraceparent, Metrics, newTrace, openTracing, outgoingTrace, runInContext, Telemetry, type TraceSink } from '@troncal/observability';
import { OtlpCollector, type ReceivedSpan } from '@troncal/simulator-otlp-collector';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT_NODES, CallBench } from '../../test/support/call-bench.js';
import { CallActor } from '../calls/call-actor.js';
import type { Call } from '../calls/call.js';
import { CallSensors } from './call-sensors.js';

const logger = createLogger({ service: 'spec', level: 'silent' });
const metrics = new Metrics('spec');
let collector: OtlpCollector;
let spans: TraceSink;
let outgoing: string[] = [];

beforeEach(async () => {
  collector = await OtlpCollector.start();
  const settings = { url: `${collector.url}/v1/traces`, headers: {}, compress: false, timeoutMs: 2_000, sampler: 'parentbased_always_on', ratio: 1, resource: { 'service.name': 'ari-gateway' }, maxWaiting: 512, sendEveryMs: 10 } as const;
  spans = await openTracing(settings, metrics, logger);
  outgoing = [];
});
afterEach(async () => {
  await spans.close();
  await collector.close();
});

/** A gateway process of its own, as far as a call knows. */
function process(call: Call, telemetry = new Telemetry(new Metrics('spec'), spans)): CallActor {
  return new CallActor(call, {
    store: { store: () => Promise.resolve() },
    act: () => outgoing.push(formatTraceparent(outgoingTrace())),
    stepped: () => {},
    epoch: 0,
    context: () => ({ now: Date.now(), newLegId, newId: newCallId, dialTarget: () => undefined, home: () => ({ country: 'CL', timeZone: 'America/Santiago' }) }),
    logger,
    sensors: new CallSensors(telemetry),
  });
}
const aCall = (): Call => ({ ...new CallBench(AGENT_NODES).call, callId: newCallId() });
async function told(): Promise<ReceivedSpan[]> {
  await spans.close();
  return collector.spans;
}

describe('the trace of a call', () => {
  it('is one tree under its root, whose ids follow from the call id, over the death of its gateway', async () => {
    const call = aCall();
    const { traceId, spanId } = callTrace(call.callId);
    const first = process(call);
    await first.ask({ kind: 'begin' });
    await first.ask({ kind: 'digit', channelId: 'caller', digit: '0' });
    // kill -9: what is stored is all that the next process has.
    const second = process(first.call);
    await second.ask({ kind: 'leg_gone', channelId: 'caller', cause: 16, recovered: true });
    const all = await told();
    expect(all.map((span) => span.name)).toEqual(['step begin', 'step digit', 'queue', 'call inbound', 'step leg_gone']);
    expect(new Set(all.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const root = all.find((span) => span.name === 'call inbound');
    expect(root).toMatchObject({ spanId, parentSpanId: undefined, start: call.startedAt, attributes: { 'troncal.call.id': call.callId, 'troncal.call.recovered': true, 'troncal.call.disposition': 'answered' } });
    expect(all.filter((span) => span.name.startsWith('step')).map((span) => span.parentSpanId)).toEqual([spanId, spanId, spanId]);
    expect(all[0]?.attributes).toMatchObject({ 'troncal.step.facts': ['CallStarted', 'CallAnswered'], 'troncal.tenant': 'demo' });
    // What is done for a step is done in its span.
    expect(outgoing[0]).toBe(`00-${traceId}-${all[0]?.spanId}-01`);
    // Neither the digit nor the caller's number is anywhere in it.
    expect(JSON.stringify(all)).not.toMatch(/225550101|"0"/);
  });

  it('links to the request that asked for the call, when that had its own trace, and keeps to the call’s', async () => {
    const call = aCall();
    const request = newTrace();
    const actor = process(call);
    await runInContext({ trace: request, requestId: 'r' }, () => actor.ask({ kind: 'begin' }));
    await actor.ask({ kind: 'hangup', by: 'api', cause: 16 });
    const all = await told();
    const link = { traceId: request.traceId, spanId: request.spanId };
    expect(all.find((span) => span.name === 'step begin')?.links).toEqual([link]);
    expect(all.find((span) => span.name === 'call inbound')?.links).toEqual([link]);
    expect(new Set(all.map((span) => span.traceId))).toEqual(new Set([callTrace(call.callId).traceId]));
  });

  it('has no span of a message that changed nothing', async () => {
    const actor = process(aCall());
    await actor.ask({ kind: 'leg_ringing', channelId: 'unknown' });
    expect(await told()).toEqual([]);
  });

  it('is the same in what goes out while tracing is off', async () => {
    const call = aCall();
    const actor = process(call, new Telemetry(new Metrics('spec')));
    await actor.ask({ kind: 'begin' });
    expect(outgoing[0]).toContain(callTrace(call.callId).traceId);
  });
});
