import { describe, expect, it } from 'vitest';
import { currentContext, runInContext, runOutsideContext } from './context.js';
import { degraded, Health, leftOut, notReady, READY } from './health.js';
import { METRICS } from './metrics/catalogue.js';
import type { MetricDeclaration } from './metrics/declaration.js';
import { Metrics } from './metrics/metrics.js';
import { childOf, continueTrace, formatTraceparent, newTrace, parseTraceparent } from './trace.js';

describe('traceparent', () => {
  it('goes out and comes back', () => {
    const trace = newTrace();
    expect(parseTraceparent(formatTraceparent(trace))).toEqual(trace);
    const child = childOf(trace);
    expect(child).toMatchObject({ traceId: trace.traceId, parentSpanId: trace.spanId });
    expect(continueTrace(formatTraceparent(child)).traceId).toBe(trace.traceId);
  });

  // Cases of the W3C Trace Context test-suite.
  it.each([
    undefined,
    '',
    '00-00000000000000000000000000000000-0000000000000001-01',
    '00-0123456789abcdef0123456789abcdef-0000000000000000-01',
    '00-0123456789ABCDEF0123456789abcdef-0123456789abcdef-01',
    'ff-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01-more',
  ])('starts anew on %j', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('reads later versions by their first four fields', () => {
    expect(parseTraceparent('01-0123456789abcdef0123456789abcdef-0123456789abcdef-00-more')).toMatchObject({ sampled: false });
  });
});

describe('context', () => {
  it('inherits, and can be left', () => {
    runInContext({ tenant: 'acme' }, () => {
      const outer = currentContext();
      runInContext({ call: 'c' }, () => expect(currentContext()).toEqual({ ...outer, call: 'c' }));
      expect(runOutsideContext(currentContext)).toBeUndefined();
    });
  });
});

describe('health', () => {
  it('is ready when every part is there or left out by choice', async () => {
    const health = new Health();
    health.add('database', () => READY);
    health.add('asterisk', () => leftOut('Started with --without-asterisk.'));
    await expect(health.readiness()).resolves.toMatchObject({ ready: true, checks: [{ name: 'database' }, { name: 'asterisk', state: 'left_out' }] });
  });

  it('is ready, and says what it lacks, when only a part of its work can’t be done', async () => {
    const health = new Health();
    health.add('edges', () => degraded('edge-2 is away.'));
    await expect(health.readiness()).resolves.toEqual({ ready: true, checks: [{ name: 'edges', state: 'degraded', reason: 'edge-2 is away.' }] });
  });

  it('says what is missing, what threw and what hangs', async () => {
    const health = new Health(10);
    health.add('a', () => notReady('Away.', { port: 1 }));
    health.add('b', () => Promise.reject(new Error('broken')));
    health.add('c', () => new Promise(() => {}));
    const report = await health.readiness();
    expect(report.ready).toBe(false);
    expect(report.checks.map((check) => check.reason)).toEqual(['Away.', 'broken', 'The health check c took longer than 10 ms.']);
  });

  it('is not ready once it stops, and refuses two checks of one name', async () => {
    const health = new Health();
    health.add('a', () => READY);
    expect(() => health.add('a', () => READY)).toThrow(/already/);
    health.stop();
    await expect(health.readiness()).resolves.toMatchObject({ ready: false, checks: [{ name: 'process' }, { name: 'a' }] });
  });
});

describe('metrics', () => {
  it('are one registry per service, and one metric per name', async () => {
    const a = new Metrics('a');
    const b = new Metrics('b');
    a.counter('troncal_calls_total').inc({ direction: 'inbound', disposition: 'answered' });
    a.counter('troncal_calls_total').inc({ direction: 'inbound', disposition: 'answered' });
    b.gauge('troncal_outbox_age_seconds', (gauge) => gauge.set(3));
    b.histogram('troncal_queue_wait_seconds').observe({ outcome: 'connected' }, 400);
    expect(await a.text()).toContain('troncal_calls_total{direction="inbound",disposition="answered",service="a"} 2');
    expect(await b.text()).toContain('troncal_outbox_age_seconds{service="b"} 3');
    expect(await b.text()).toContain('troncal_queue_wait_seconds_bucket{le="600",service="b",outcome="connected"} 1');
    expect(await b.text()).not.toContain('troncal_calls_total');
  });

  it('that are collected together are all of one scrape', async () => {
    const metrics = new Metrics('a');
    metrics.gauge('troncal_outbox_age_seconds', async (age) => {
      await Promise.resolve();
      age.set(3);
      waiting.set(7);
    });
    const waiting = metrics.gauge('troncal_outbox_waiting_count');
    expect(await metrics.text()).toContain('troncal_outbox_waiting_count{service="a"} 7');
  });

  it.each(Object.entries<MetricDeclaration>(METRICS))('%s follows the rules of Prometheus: base units, and labels that stay few', (name, { kind, labels, help }) => {
    expect(name).toMatch(kind === 'counter' ? /^troncal_[a-z_]+_total$/ : kind === 'histogram' ? /^troncal_[a-z_]+_(seconds|bytes)$/ : /^troncal_[a-z_]+_(seconds|bytes|ratio|count|state)$/);
    expect(help).toMatch(/^[A-Z0-9].*\.$/);
    for (const label of Object.keys(labels)) expect(label).not.toMatch(/tenant|call$|leg$|_id|number|extension|user|service/);
  });
});
