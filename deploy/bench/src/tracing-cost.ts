import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DtmfReceivedV1 } from '@troncal/contracts';
import { callTrace, createLogger, inSpan, Metrics, openTracing, runInContext, type TraceSink } from '@troncal/observability';
import { eventually, startNats, startPostgres, type NatsServer, type PostgresServer } from '@troncal/testing';
import { alternate, percentile, table, type Figures } from './figures.js';
import { openOutboxWay } from './outbox-way.js';
import { machine } from './process-cost.js';

const SPANS = 200_000;
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 3_000);
const PER_SECOND = Number(process.env['BENCH_RATE'] ?? 300);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const COLLECTOR = fileURLToPath(import.meta.resolve('@troncal/simulator-otlp-collector')).replace(/index\.js$/, 'main.js');
const logger = createLogger({ service: 'bench', level: 'silent' });
const calls = Array.from({ length: 50 }, () => crypto.randomUUID());

/** A collector in a process of its own: what it costs isn't ours. */
async function startCollector(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [COLLECTOR], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: (JSON.parse(line.toString()) as { url: string }).url, child };
}

/** A span around nothing, as often as can be: what each costs in time. */
function spansOf(spans: TraceSink | undefined): Promise<Figures> {
  const began = performance.now();
  runInContext({ trace: callTrace(calls[0]!), call: calls[0]!, ...(spans && { spans }) }, () => {
    for (let index = 0; index < SPANS; index += 1) inSpan('bench', { attributes: { 'troncal.leg.id': 'leg' } }, () => index);
  });
  return Promise.resolve({ 'µs/span': ((performance.now() - began) * 1_000) / SPANS });
}

/** The way of a call's fact: a step, its transaction, its outbox row, the relay and JetStream's confirmation. */
async function eventPath(nats: NatsServer, postgres: PostgresServer, spans: TraceSink | undefined): Promise<() => Promise<Figures>> {
  const { db, outbox } = await openOutboxWay(nats, postgres, logger, spans);
  const state = (callId: string): Promise<unknown> =>
    runInContext({ trace: callTrace(callId), call: callId, correlationId: callId, tenant: 'bench', ...(spans && { spans }) }, () =>
      inSpan('step digit', { attributes: { 'troncal.step.message': 'digit' } }, () =>
        db.transaction((tx) => outbox.emit(tx, DtmfReceivedV1, { tenant: 'bench', subject: callId, data: { callId, legId: callId, digit: '5', masked: false } })),
      ),
    );
  return async () => {
    const delays: number[] = [];
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    const stated: Promise<unknown>[] = [];
    for (let sent = 0; sent < EVENTS; ) {
      for (const due = Math.min(EVENTS, Math.floor(((performance.now() - began) / 1_000) * PER_SECOND)); sent < due; sent += 1) {
        const at = performance.now();
        stated.push(state(calls[sent % calls.length]!).then(() => delays.push(performance.now() - at)));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(stated);
    await eventually('the outbox is empty', async () => (await db.query('SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1')).length === 0, 30_000);
    const used = process.cpuUsage(cpu);
    return { 'CPU ms/event': (used.user + used.system) / 1_000 / EVENTS, 'p50 ms': percentile(delays, 0.5), 'p99 ms': percentile(delays, 0.99) };
  };
}

const [nats, postgres, collector] = [await startNats(), await startPostgres({ durable: true }), await startCollector()];
const loaded = process.memoryUsage().rss;
const settings = { url: `${collector.url}/v1/traces`, headers: {}, compress: false, timeoutMs: 10_000, sampler: 'parentbased_always_on', ratio: 1, resource: { 'service.name': 'bench' }, maxWaiting: 2_048, sendEveryMs: 1_000 } as const;
const metrics = new Metrics('bench');
const spans = await openTracing(settings, metrics, logger);
const sdkMiB = (process.memoryUsage().rss - loaded) / 1_048_576;
try {
  const bare = await alternate(RUNS, { off: () => spansOf(undefined), on: () => spansOf(spans) });
  const [offPath, onPath] = [await eventPath(nats, postgres, undefined), await eventPath(nats, postgres, spans)];
  const path = await alternate(RUNS, { off: offPath, on: onPath });
  console.log(`Tracing: a bare span, and a fact's way through step, transaction, outbox, relay and JetStream at ${PER_SECOND}/s, medians of ${RUNS} alternating runs`);
  console.log(`${machine()}; the SDK's packages take ${sdkMiB.toFixed(1)} MiB when they are loaded\n`);
  console.log(table({ off: { ...bare['off'], ...path['off'] }, on: { ...bare['on'], ...path['on'] } }));
} finally {
  collector.child.kill();
  await nats.stop();
  await postgres.stop();
}
process.exit(0);
