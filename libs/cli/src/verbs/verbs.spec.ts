import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { callPageSchema, callWithTimelineSchema, endpointViewSchema, originateSchema, putEdgeSchema, routeViewSchema, ticketPageSchema, type CallWithTimeline } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi, troncal, type Asked } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const CALL = '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const OTHER = '3f1f0a2c-5a10-4c3e-9d55-3f1f6f0a1b2c';
const LEG = '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f';
const CONVERSATION = '01K9ZQ4W2M6T8N0B3C5D7E9F1G';

const entry = (time: string, type: string, data: Record<string, unknown>) => ({ time, type, source: 'ari-gateway', eventId: CONVERSATION, data: { callId: CALL, ...data } });
const call: CallWithTimeline = callWithTimelineSchema.parse({
  callId: CALL, tenant: 'demo', direction: 'internal', from: '202', to: '100', state: 'ended', at: 'ended', route: { code: 'main', revision: 3 }, edgeId: 'edge-1',
  startedAt: '2026-11-21T14:02:11.000Z', answeredAt: '2026-11-21T14:02:11.100Z', endedAt: '2026-11-21T14:03:20.100Z', disposition: 'answered', cause: 16, legs: [],
  recordings: [{ recordingId: 'r1', state: 'ready', durationMs: 69_000, location: 'recordings/r1.wav' }],
  timeline: [
    entry('2026-11-21T14:02:11.000Z', 'CallStarted.v1', { legId: LEG, direction: 'internal', from: '202', to: '100', edgeId: 'edge-1', rail: 'asterisk' }),
    entry('2026-11-21T14:02:13.250Z', 'TurnCompleted.v1', { conversationId: CONVERSATION, turn: 1, role: 'caller', text: '¿Cuándo vence?', interrupted: false, tookMs: 900 }),
    entry('2026-11-21T14:02:15.000Z', 'TurnCompleted.v1', { conversationId: CONVERSATION, turn: 2, role: 'agent', text: 'Vence el viernes, y además', heard: 'Vence el viernes', interrupted: true, tookMs: 900, latencyMs: 350 }),
  ],
});
const { timeline: _, ...view } = call;
const route = routeViewSchema.parse({
  code: 'main', revision: 3,
  route: { name: 'Main', extension: '100', start: 'agent', nodes: { agent: { kind: 'agent', agent: 'default', digits: { '0': 'bye' }, onHandoff: 'bye', onFailed: 'bye' }, bye: { kind: 'hangup' } } },
});
const endpoint = endpointViewSchema.parse({ extension: '210', sipUser: 'demo_210', displayName: 'Reception', role: 'office', queues: ['people'], enabled: true, revision: 1, credentialRevision: 1, password: 'only-once' });
const ticket = { ticketId: 't1', tenant: 'demo', number: 17, reason: 'missed_call', state: 'open', title: 'Nobody took the call from +56225550101', callId: CALL, from: '+56225550101', queue: 'people', outcome: 'timeout', waitedMs: 1, summary: null, openedAt: '2026-11-21T14:02:11.000Z' };

const edge = (body: unknown): object => {
  const { ari, ami, media } = putEdgeSchema.parse(body);
  return { edgeId: 'edge-9', ari: { url: ari.url, user: ari.user }, ami: { host: '10.0.0.5', port: ami.port, user: ami.user }, media, audiosocketAddress: null, recordingsDir: null, revision: 1 };
};

const figures = { calls: 20, answered: 17, failed: 2, refused: 1, sip4xx: 2, sip5xx: 0, connection: 0.9, averageRingMs: 4_200, averageAnsweredMs: null, minutes: 31, questions: 60, questionsFailed: 1, measuredLegs: 12, poorLegs: 1, averageMos: 4.26, packetLoss: 0.004, averageJitterMs: 5.5, complaints: 2, cost: [{ currency: 'USD', micros: 425_000 }] };
const demoKpis = {
  tenant: 'demo', from: '2026-11-24', to: '2026-11-30', figures, days: [{ day: '2026-11-30', ...figures }], endpoints: [],
  targets: [{ kpi: 'connection', target: '> 95.0 %', value: '90.0 %', met: false, basis: 'measured', observations: 20, detail: '2 of 20 calls reached nobody' }, { kpi: 'audio', target: '> 95.0 %', value: null, met: null, basis: 'not_measured', observations: 0, detail: 'no leg was measured yet' }],
};

const pages = (asked: Asked) => {
  const second = new URL(asked.url, 'http://x').searchParams.get('after') === 'second';
  return { body: callPageSchema.parse(second ? { calls: [{ ...view, callId: OTHER, state: 'answered', endedAt: null, disposition: null }] } : { calls: [view], next: 'second' }) };
};

describe('verbs', () => {
  let api: LocalApi;
  beforeAll(async () => {
    api = await LocalApi.open({
      'GET /api/calls': pages,
      [`GET /api/calls/${CALL}`]: { body: call },
      'POST /api/calls': { status: 201, body: { callId: CALL } },
      [`POST /api/calls/${CALL}/hangup`]: { status: 202, body: {} },
      'GET /api/tenants': { body: { tenants: [{ code: 'demo', name: 'Demo', country: 'CL', language: 'es', timeZone: 'America/Santiago', suspended: null, revision: 1, createdAt: '2026-11-21T14:02:11.000Z' }] } },
      'GET /api/tenants/demo/endpoints': { body: { endpoints: [endpoint] } },
      'PUT /api/tenants/demo/endpoints/210': { status: 201, body: endpoint },
      'POST /api/tenants/demo/endpoints/210/rotate': { body: endpoint },
      'DELETE /api/tenants/demo/endpoints/210': { status: 204 },
      'GET /api/tenants/demo/routes': { body: { routes: [route] } },
      'GET /api/tenants/demo/routes/main': { body: route },
      'PUT /api/tenants/demo/routes/main': (asked) => ({ body: { ...route, route: asked.body, revision: 4 } }),
      'DELETE /api/environments/prod/tenants': { status: 202, body: { run: 'r1' } },
      'GET /api/runs/r1': { body: { run: 'r1', environment: 'prod', kind: 'delete', tenants: [], state: 'whole', startedAt: '2026-11-30T12:00:00.000Z', endedAt: '2026-11-30T12:00:01.000Z', fault: null, steps: [], waiting: [] } },
      'PUT /api/edges/edge-9': (asked) => ({ body: { ...edge(asked.body), settings: { environment: { EDGE_ID: 'edge-9', ARI_PORT: '8088' }, secrets: { 'ari-password': 'a-secret', 'ami-password': 'another' }, missing: [{ name: 'MEDIA_URL', what: 'where realtime-voice is' }] } } }),
      'GET /api/tickets': { body: ticketPageSchema.parse({ tickets: [ticket] }) },
      'GET /api/tenants/demo/kpis': (asked) => (asked.url.includes('csv') ? { body: 'day,calls' } : { body: demoKpis }),
      'GET /api/kpis': { body: { from: '2026-11-24', to: '2026-11-30', figures, tenants: [{ tenant: 'demo', ...figures }], environments: [{ environment: 'prod', questions: 60, questionsFailed: 1, probes: 2_880, probesFailed: 0, share: 0.99966 }, { environment: 'dev', questions: 0, questionsFailed: 0, probes: 0, probesFailed: 0, share: null }] } },
      [`POST /api/calls/${CALL}/complaints`]: (asked) => ({ status: 201, body: { complaintId: 'c1', callId: CALL, tenant: 'demo', at: '2026-11-30T12:00:00.000Z', ...(asked.body as object) } }),
      'GET /health/ready': { status: 503, body: { ready: false, checks: [{ name: 'provisioning', state: 'ready' }, { name: 'ari-gateway', state: 'not_ready', reason: 'edge: Asterisk does not answer' }, { name: 'realtime-voice', state: 'degraded', reason: 'half of it' }, { name: 'asterisk', state: 'left_out', reason: 'by choice' }] } },
    });
  });
  afterAll(() => api.close());

  it('edges add declares an edge and shows once what it is started with, or writes it where only its owner may read', async () => {
    const shown = await api.troncal('edges', 'add', 'edge-9', '--ari', 'http://10.0.0.5:8088', '--ami-port', '5039');
    expect(shown.code).toBe(EXIT.ok);
    expect(shown.out).toMatch(/Its environment:\n {2}EDGE_ID=edge-9\n(.*\n)*.*shown only now:\n {2}ari-password +a-secret\n(.*\n)*It needs more.*\n {2}MEDIA_URL +where realtime-voice is\n$/);
    expect(api.asked.at(-1)?.body).toMatchObject({ ari: { url: 'http://10.0.0.5:8088' }, ami: { port: 5039 }, media: 'websocket' });
    expect(api.asked.at(-1)?.body).not.toHaveProperty('recordingsDir');
  });

  it('edges add --folder writes what it is started with where only its owner may read, keeps what a person added, and takes no other edge’s folder', async () => {
    const folder = join(dirname(api.keyFile), 'edge-9');
    const add = (edge = 'edge-9') => api.troncal('edges', 'add', edge, '--ari', 'http://127.0.0.1:8088', '--folder', folder);
    const kept = await add();
    expect(kept.out).not.toContain('a-secret');
    expect(kept.out).toContain(`npm run edge -- --folder ${folder}`);
    expect(readFileSync(join(folder, 'secrets', 'ari-password'), 'utf8')).toBe('a-secret');
    for (const file of ['edge.env', 'secrets/ami-password']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    // It runs on the gateways' machine: that is where they find its recordings.
    expect(api.asked.at(-1)?.body).toMatchObject({ recordingsDir: join(folder, 'state', 'spool', 'recording') });
    appendFileSync(join(folder, 'edge.env'), 'SIP_PORT=5070\n');
    await add();
    expect(readFileSync(join(folder, 'edge.env'), 'utf8')).toBe('EDGE_ID=edge-9\nARI_PORT=8088\nSIP_PORT=5070\n');
    const asked = api.asked.length;
    expect(await add('edge-8')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('holds the settings of edge edge-9') as string });
    expect(api.asked.length).toBe(asked);
  });

  it('edges add says what is missing and how it is given', async () => {
    const refused = await api.troncal('edges', 'add', 'edge-9');
    expect(refused.code).toBe(EXIT.usage);
    expect(refused.err).toContain('--ari is missing');
    expect(refused.err).toContain('troncal edges add edge-2 --ari http://10.0.0.5:8088');
  });

  it('tenants delete takes out several in one run, once it is said how many fall silent', async () => {
    const asked = api.asked.length;
    expect(await api.troncal('tenants', 'delete', 'one', 'TWO', '--env', 'prod', '--confirm', 'one')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('--confirm 2') as string });
    expect(await api.troncal('tenants', 'delete', 'one', '--env', 'prod', '--confirm', '1')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('--confirm one') as string });
    expect(api.asked.length).toBe(asked);
    expect((await api.troncal('tenants', 'delete', 'one', 'TWO', '--env', 'prod', '--confirm', '2')).code).toBe(EXIT.ok);
    expect(api.asked[asked]?.body).toEqual({ tenants: ['one', 'two'] });
    expect((await api.troncal('tenants', 'delete', 'one', '--env', 'prod', '--confirm', 'one')).code).toBe(EXIT.ok);
  });

  it('calls list goes through the pages and aligns its columns', async () => {
    const { code, out } = await api.troncal('calls', 'list', '--live', '--tenant', 'demo');
    expect(code).toBe(EXIT.ok);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^CALL +TENANT +STARTED +FROM +TO +RAIL +STATE +AT +TALKED$/);
    expect(lines[1]).toMatch(new RegExp(`^${CALL} +demo +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:11 +202 +100 +asterisk +answered +ended +1 min 09 s$`));
    const column = lines[0]!.indexOf('STATE');
    expect(lines.slice(1).map((line) => line.slice(column - 1).search(/\S/))).toEqual([1, 1]);
    expect(api.asked.slice(-2).map((asked) => new URL(asked.url, 'http://x').searchParams.toString())).toEqual(['live=true&tenant=demo&limit=20', 'live=true&tenant=demo&limit=20&after=second']);
  });

  it('complaints add takes down what somebody complains of in a call', async () => {
    const made = await api.troncal('complaints', 'add', CALL, '--kind', 'one-way', '--note', 'I heard nothing');
    expect(made).toMatchObject({ code: EXIT.ok, out: `complaint c1: one-way in call ${CALL}, in the figures of demo\n` });
    expect(api.asked.at(-1)?.body).toEqual({ kind: 'one-way', note: 'I heard nothing' });
    expect(await api.troncal('complaints', 'add', CALL, '--kind', 'boring')).toMatchObject({ code: EXIT.usage });
  });

  it('kpis shows a tenant’s days and targets, or all tenants, over the days that are asked for', async () => {
    const own = await api.troncal('kpis', '--tenant', 'demo', '--from', '2026-11-24', '--to', '2026-11-30');
    expect(own.code).toBe(EXIT.ok);
    expect(new URL(api.asked.at(-1)?.url ?? '', 'http://x').searchParams.toString()).toBe('from=2026-11-24&to=2026-11-30');
    expect(own.out).toMatch(/^DAY +CALLS +ANSWERED .*\n2026-11-30 +20 +17 +2 +1 +90.0 % +2 +0 +4.2 s +- +31 +4.3 +2 +1\/60 +0.4250 USD\nall +20 /);
    expect(own.out).toMatch(/connection +> 95.0 % +90.0 % +NO +measured, 20 seen +2 of 20 calls reached nobody\naudio .* +- +- +not measured +no leg was measured yet\n$/);
    expect((await api.troncal('kpis')).out).toMatch(/^TENANT .*\ndemo +20 .*\nall +20 .*\n\nENVIRONMENT .*\nprod +99.97 % +60 +1 +2880 +0\ndev +not measured /);
    expect((await api.troncal('kpis', '--tenant', 'demo', '--csv')).out).toContain('day,calls');
    expect(await api.troncal('kpis', '--from', 'monday')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('expected YYYY-MM-DD') as string });
  });

  it('calls list -o json prints what the API answered', async () => {
    const { out } = await api.troncal('calls', 'list', '-o', 'json', '--limit', '1');
    expect(JSON.parse(out)).toEqual([view]);
  });

  it.each([[CALL], ['last'], ['3f1f0a2b'], ['3F1F0A2B…']])('calls show %s gives timeline, transcript and recording', async (id) => {
    const { code, out } = await api.troncal('calls', 'show', id);
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/Timeline\n {2}\d\d:\d\d:11 {4}\+0\.000 {2}from 202 to 100 began\n {2}\d\d:\d\d:13 {4}\+2\.250 {2}the caller said “¿Cuándo vence\?”\n/);
    expect(out).toContain('Transcript\n  caller  ¿Cuándo vence?\n  agent   Vence el viernes  [interrupted]\n');
    expect(out).toContain('Recordings\n  recordings/r1.wav  1 min 09 s\n');
  });

  it('calls show asks which one when several begin alike, and says when there is none', async () => {
    expect((await api.troncal('calls', 'show', '3f1f')).err).toContain('2 calls begin or end with 3f1f');
    expect((await api.troncal('calls', 'show', 'ffff')).code).toBe(EXIT.notFound);
    expect((await api.troncal('calls', 'show', 'zebra')).code).toBe(EXIT.usage);
  });

  it('calls originate sends what the contract takes, once', async () => {
    const { code, out } = await api.troncal('calls', 'originate', '--to', '201', '--tenant', 'DEMO', '--var', 'INVOICE=4711', '--timeout', '12');
    expect(code).toBe(EXIT.ok);
    expect(out).toContain(CALL);
    const asked = api.asked.at(-1)!;
    expect(originateSchema.parse(asked.body)).toEqual({ tenant: 'demo', to: '201', agent: 'default', variables: { INVOICE: '4711' }, timeoutMs: 12_000 });
    expect(asked.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('calls hangup takes the beginning of an id', async () => {
    expect((await api.troncal('calls', 'hangup', '3f1f0a2b', '--reason', 'enough')).code).toBe(EXIT.ok);
    expect(api.asked.at(-1)).toMatchObject({ url: `/api/calls/${CALL}/hangup`, body: { reason: 'enough' } });
  });

  it('endpoints add shows the password once, or writes it where only the user can read', async () => {
    const shown = await api.troncal('endpoints', 'add', '210', '--name', 'Reception', '--queue', 'people', '--tenant', 'demo');
    expect(shown.out).toContain('only-once   (shown only now)');
    expect(api.asked.at(-1)?.body).toEqual({ displayName: 'Reception', role: 'office', queues: ['people'], enabled: true });
    const file = join(api.keyFile, '..', 'password');
    const written = await api.troncal('endpoints', 'rotate', '210', '--tenant', 'demo', '--password-file', file, '-o', 'json');
    expect(written.out).not.toContain('only-once');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['only-once\n', 0o600]);
  });

  it('endpoints list and remove', async () => {
    expect((await api.troncal('endpoints', 'list', '--tenant', 'demo')).out).toMatch(/210 +Reception +demo_210 +office +people +enabled/);
    expect((await api.troncal('endpoints', 'remove', '210', '--tenant', 'demo')).code).toBe(EXIT.ok);
  });

  it('routes show -o json is what routes apply takes', async () => {
    const { out } = await api.troncal('routes', 'show', 'main', '--tenant', 'demo', '-o', 'json');
    const applied = await api.troncal('routes', 'apply', 'main', '--tenant', 'demo', '-f', api.file('route.json', out));
    expect(applied).toMatchObject({ code: EXIT.ok, out: 'route main is at revision 4\n' });
    expect((await api.troncal('routes', 'show', 'main', '--tenant', 'demo')).out).toContain('AI agent default, 0 → bye, wants a person → bye, fails → bye');
    expect((await api.troncal('routes', 'list', '--tenant', 'demo')).out).toMatch(/main +Main +100 +2 +no +3/);
  });

  it('routes apply names every fault of a file and sends nothing', async () => {
    const before = api.asked.length;
    const { code, err } = await api.troncal('routes', 'apply', 'main', '--tenant', 'demo', '-f', api.file('bad.json', JSON.stringify({ name: '', start: 'a', nodes: { b: { kind: 'dance' } } })));
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('  - name: ');
    expect(err).toContain('  - nodes.b.kind: ');
    expect(api.asked).toHaveLength(before);
  });

  it('tickets list hides numbers, tenants list shows the state', async () => {
    expect((await api.troncal('tickets', 'list')).out).toMatch(/demo +17 +\S+ \S+ +open +Nobody took the call from \+56\*+0101 +3f1f0a2b/);
    expect((await api.troncal('tenants', 'list')).out).toMatch(/demo +Demo +CL +es +America\/Santiago +active/);
  });

  it('status tells each part and why it is not ready, and ends with 1', async () => {
    const { code, out } = await api.troncal('status');
    expect(code).toBe(EXIT.failed);
    expect(out).toMatch(/^PART +STATE +WHY\nprovisioning +ready +-\nari-gateway +NOT READY +edge: Asterisk does not answer\nrealtime-voice +DEGRADED +half of it\nasterisk +left out +by choice\n\nnot ready\n$/);
  });

  it('needs a tenant when another installation is asked', async () => {
    const { code, err } = await api.troncal('routes', 'list');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--tenant or TRONCAL_TENANT');
    expect((await troncal(['routes', 'list', '--url', api.url, '--key-file', api.keyFile], { TRONCAL_TENANT: 'demo' })).code).toBe(EXIT.ok);
  });
});
