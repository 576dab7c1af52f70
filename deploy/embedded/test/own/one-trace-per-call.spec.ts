import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CallEndedV1, CallQueuedV1, CallStartedV1, TicketOpenedV1, type CallView, type StackState } from '@troncal/contracts';
import { METRICS, SPAN_ATTRIBUTES } from '@troncal/observability';
import { OtlpCollector, type ReceivedSpan } from '@troncal/simulator-otlp-collector';
import type { SipPhone } from '@troncal/sip-phone';
import { ApiClient, EventRecorder, eventually, openStackPhone, TenantFixture } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { troncal } from '../cli.js';
import { LauncherProcess, runLauncher } from '../launcher-process.js';

const SAID = 'Sepa que el sol es amarillo.';
const CALLER = '+56 2 2555 0199';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-traces-'));
const stateDir = path.join(folder, 'state');

let collector: OtlpCollector;
let launcher: LauncherProcess;
let state: StackState;
let api: ApiClient;
let tenant: TenantFixture;
let events: EventRecorder;
let phone: SipPhone;
let person: SipPhone;

beforeAll(async () => {
  collector = await OtlpCollector.start();
  launcher = LauncherProcess.start(stateDir, [], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100', OTEL_EXPORTER_OTLP_TIMEOUT: '1000', OTEL_SERVICE_NAME: 'spec' });
  state = await launcher.ready();
  api = new ApiClient(state.http.url, fs.readFileSync(state.http.apiKeyFile, 'utf8').trim());
  events = await EventRecorder.open(state);
  tenant = await TenantFixture.create(api, 'trace-');
  await tenant.route('main', {
    name: 'Agent, then people', extension: '100', start: 'agent',
    nodes: {
      agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
      people: { kind: 'queue', queue: 'people', timeoutMs: 60_000, onTimeout: 'bye' },
      bye: { kind: 'hangup', prompt: { say: { es: SAID } } },
    },
  });
  phone = await openStackPhone(state, await tenant.endpoint('202'));
  person = await openStackPhone(state, await tenant.endpoint('201', ['people']));
});
afterAll(async () => {
  await phone?.close();
  await person?.close();
  await events?.stop();
  await launcher?.end('SIGTERM');
  await runLauncher(['reset', '--state-dir', stateDir]);
  await collector?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const ofCall = (callId: string): ReceivedSpan[] => collector.ofTrace(callId.replaceAll('-', ''));
const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan[] => spans.filter((span) => span.name === name);

/** Calls the agent, hears it, asks for a person, and gives up waiting; the ids of the call. */
async function callAndGiveUp(midway: () => Promise<void> = () => Promise.resolve()): Promise<string> {
  const began = Date.now();
  const call = await phone.call('100');
  await call.answered({ timeoutMs: 15_000 });
  const { data } = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && Date.parse(event.time) >= began - 50, 30_000);
  await call.heard.waitForVoice({ timeoutMs: 15_000 });
  await midway();
  expect(call.callEnd).toBeUndefined();
  await call.sendDigits('0');
  // Somebody's phone rings, and nobody answers it.
  await Promise.all([person.nextCall({ timeoutMs: 30_000 }), events.seen(CallQueuedV1, (event) => event.data.callId === data.callId, 30_000)]);
  await call.hangup();
  await events.seen(CallEndedV1, (event) => event.data.callId === data.callId, 30_000);
  await events.seen(TicketOpenedV1, (event) => event.data.callId === data.callId, 30_000);
  return data.callId;
}

interface Explained {
  readonly callId: string;
  readonly events: readonly { readonly type: string }[];
  readonly delays: readonly { readonly name: string }[];
  readonly findings: readonly { readonly code: string }[];
}

/** `troncal explain CALL --json`. */
async function explain(callId: string): Promise<Explained> {
  const { code, out } = await troncal(stateDir, 'explain', callId, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as Explained;
}

/** Where the services' own addresses are: each tells its own in its log. */
function servicesOf({ processes }: StackState): string[] {
  const told = processes.flatMap(({ logFile }) => fs.readFileSync(logFile, 'utf8').split('\n')).flatMap((line) => /"url":"(http:[^"]+)","msg":"listening"/.exec(line)?.[1] ?? []);
  return [...new Set(told)];
}

/** Whose parent is not among them. */
function orphans(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const ids = new Set(spans.map((span) => span.spanId));
  return spans.filter((span) => span.parentSpanId !== undefined && !ids.has(span.parentSpanId));
}

describe('a call through the whole of Troncal', () => {
  it('is one trace under one root, through the gateway, the voice, the bus and those who listen to it', async () => {
    const callId = await callAndGiveUp();
    const whole = await eventually('every service has told its part', () => {
      const spans = ofCall(callId);
      const names = new Set(spans.map((span) => span.name));
      return ['call internal', 'invoke_agent default', 'process QueueLeft.v1', 'publish TicketOpened.v1', 'process CallEnded.v1'].every((name) => names.has(name)) && orphans(spans).length === 0 ? spans : undefined;
    }, 30_000);
    expect([...new Set(whole.map((span) => span.service))]).toEqual(expect.arrayContaining(['spec-ari-gateway', 'spec-realtime-voice', 'spec-ticketing']));
    const roots = whole.filter((span) => span.parentSpanId === undefined);
    expect(roots.map((span) => span.name)).toEqual(['call internal']);
    expect(roots[0]).toMatchObject({ spanId: callId.replaceAll('-', '').slice(16), attributes: { 'troncal.tenant': tenant.code, 'troncal.call.id': callId, 'troncal.call.disposition': 'answered', 'troncal.call.ended_by': 'caller' } });
    const steps = ['step begin', 'effect answer', 'ari channels.answer', 'effect attach_agent', 'create CallStarted.v1', 'publish CallStarted.v1', 'transaction ari_gateway', 'queue'];
    expect(steps.filter((name) => named(whole, name).length === 0)).toEqual([]);
    // The command to the voice is asked and answered, one below the other.
    const [asked] = named(whole, 'request cmd.realtime-voice.attach.v1');
    expect(named(whole, 'answer cmd.realtime-voice.attach.v1')[0]).toMatchObject({ service: 'spec-realtime-voice', kind: 'server', parentSpanId: asked?.spanId });
    // What ticketing does follows from the event that the gateway stated.
    const [left] = named(whole, 'create QueueLeft.v1');
    const [processed] = named(whole, 'process QueueLeft.v1').filter((span) => span.service === 'spec-ticketing');
    expect(processed).toMatchObject({ kind: 'consumer', parentSpanId: left?.spanId, attributes: { 'messaging.system': 'nats', 'troncal.event.settlement': 'done' } });
    expect(named(whole, 'session openai-realtime')[0]?.events.map((event) => event.name)).toContain('connected');
    expect(named(whole, 'invoke_agent default')[0]?.events.map((event) => event.name)).toEqual(expect.arrayContaining(['first caller frame', 'first agent frame']));
  }, 90_000);

  it('stays one trace when its gateway is killed in the middle', async () => {
    const callId = await callAndGiveUp(async () => {
      const gateway = (await launcher.ready()).processes.find((process) => process.name === 'ari-gateway');
      process.kill(gateway?.pid ?? 0, 'SIGKILL');
      await eventually('it is replaced', async () => {
        const now = (await launcher.ready()).processes.find((each) => each.name === 'ari-gateway');
        return now !== undefined && now.pid !== gateway?.pid && (await api.send('GET', '/health/ready')).status === 200;
      }, 45_000);
    });
    const whole = await eventually('its root was told', () => (named(ofCall(callId), 'call internal').length > 0 ? ofCall(callId) : undefined), 20_000);
    expect(named(whole, 'call internal')).toHaveLength(1);
    expect(named(whole, 'step reowned')).toHaveLength(1);
    const explained = await explain(callId);
    expect(explained).toMatchObject({ callId, traceId: callId.replaceAll('-', ''), outcome: { endedBy: 'caller', disposition: 'answered' } });
    expect(explained.findings.map((finding) => finding.code)).toContain('edge_gap');
    expect(explained.events.map((event) => event.type)).toEqual(expect.arrayContaining(['CallStarted.v1', 'EdgeConnected.v1', 'QueueLeft.v1', 'CallEnded.v1', 'TicketOpened.v1']));
    expect(explained.delays.map((delay) => delay.name)).toEqual(expect.arrayContaining(['arrival_to_answer', 'arrival_to_agent', 'queue']));
  }, 150_000);

  it('links to the request that placed it, which goes on in its own trace', async () => {
    const requested = '0af7651916cd43dd8448eb211c80319c';
    const response = await fetch(new URL('/api/calls', api.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${fs.readFileSync(state.http.apiKeyFile, 'utf8').trim()}`, 'content-type': 'application/json', traceparent: `00-${requested}-b7ad6b7169203331-01` },
      body: JSON.stringify({ tenant: tenant.code, to: '202', route: 'main', from: CALLER.replaceAll(' ', '') }),
    });
    const { callId } = (await response.json()) as CallView;
    const ringing = await phone.nextCall({ timeoutMs: 15_000 });
    ringing.reject();
    await events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    const told = (service: string): ReceivedSpan | undefined => collector.ofTrace(requested).find((span) => span.kind === 'server' && span.service === service);
    const [door, request] = await eventually('the request was told', () => {
      const both = [told('spec-front-door'), told('spec-ari-gateway')] as const;
      return both[0] && both[1] ? [both[0], both[1]] : undefined;
    }, 15_000);
    expect(door).toMatchObject({ parentSpanId: 'b7ad6b7169203331' });
    expect(request).toMatchObject({ name: 'POST /api/calls', parentSpanId: door.spanId, attributes: { 'http.route': '/api/calls', 'http.response.status_code': 201 } });
    const root = await eventually('the root was told', () => named(ofCall(callId), 'call internal')[0], 15_000);
    expect(root.links).toEqual([{ traceId: requested, spanId: request.spanId }]);
  }, 60_000);

  it('tells no number in full, no word, no digit and no secret', () => {
    const all = JSON.stringify(collector.spans);
    expect(all.length).toBeGreaterThan(10_000);
    const key = fs.readFileSync(state.http.apiKeyFile, 'utf8').trim();
    // Fewer of its digits would turn up in some span's id or time.
    const number = CALLER.replaceAll(/\D/g, '').slice(2);
    expect([key, number, 'amarillo', 'SIMULATED', 'password', '"0"'].filter((canary) => all.includes(canary))).toEqual([]);
    const attributes = new Set(collector.spans.flatMap((span) => [span, ...span.events].flatMap((each) => Object.keys(each.attributes))));
    expect([...attributes].filter((name) => !Object.hasOwn(SPAN_ATTRIBUTES, name))).toEqual([]);
  });

  it.each(['hang', 'refuse', 'cut'] as const)('is unharmed by a collector that answers with %s', async (fault) => {
    collector.fault = fault;
    const before = collector.requests;
    const callId = await callAndGiveUp();
    expect(events.of(CallEndedV1, (event) => event.data.callId === callId)).toHaveLength(1);
    expect(collector.requests).toBeGreaterThan(before);
    collector.fault = 'none';
  }, 90_000);

  it('exposes what the catalogue declares and nothing else', async () => {
    const served = new Set<string>();
    let whole = '';
    for (const url of servicesOf(state)) {
      const text = await (await fetch(new URL('/metrics', url))).text();
      for (const [, metric] of text.matchAll(/^# TYPE (\S+)/gm)) if (metric?.startsWith('troncal_')) served.add(metric);
      whole += text;
    }
    expect(whole).toMatch(/troncal_calls_total\{direction="internal",disposition="answered",service="ari-gateway"\} [1-9]/);
    expect([...served].filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
    expect(Object.keys(METRICS).filter((name) => !served.has(name))).toEqual([]);
  });
});
