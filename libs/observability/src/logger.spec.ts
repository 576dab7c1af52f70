import { PermanentError } from '@troncal/kernel';
import { describe, expect, it } from 'vitest';
import { runInContext } from './context.js';
import { createLogger, type Logger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { newTrace } from './trace.js';

function recorded(): { readonly logger: Logger; readonly lines: Record<string, unknown>[]; readonly text: () => string } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { logger: createLogger({ service: 'spec', level: 'trace', destination }), lines, text: () => JSON.stringify(lines) };
}

const NUMBER = '+56987654321';

describe('the logger', () => {
  it('names service, level and time', () => {
    const { logger, lines } = recorded();
    logger.info({ port: 8080 }, 'listening');
    expect(lines[0]).toMatchObject({ service: 'spec', level: 'info', msg: 'listening', port: 8080, time: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('carries tenant, call and trace of the running work through awaits', async () => {
    const { logger, lines } = recorded();
    const trace = newTrace();
    await runInContext({ tenant: 'acme', call: 'c-1', correlationId: 'k-1', trace }, async () => {
      await Promise.resolve();
      runInContext({ requestId: 'r-1' }, () => logger.info('inside'));
    });
    logger.info('outside');
    expect(lines[0]).toMatchObject({ tenant: 'acme', call: 'c-1', correlation: 'k-1', request: 'r-1', trace: trace.traceId });
    expect(lines[1]).not.toHaveProperty('tenant');
  });

  it.each<[string, (logger: Logger) => void]>([
    ['message', (logger) => logger.info(`call to ${NUMBER}`)],
    ['argument of a message', (logger) => logger.info('call to %s', NUMBER)],
    ['field', (logger) => logger.info({ to: NUMBER }, 'call')],
    ['deep field', (logger) => logger.info({ a: [{ b: { to: NUMBER } }] }, 'call')],
    ['pii field', (logger) => logger.info({ pii: { name: 'María', to: NUMBER } }, 'call')],
    ['lone error', (logger) => logger.error(new Error(`no route to ${NUMBER}`))],
    ['error with cause', (logger) => logger.error({ err: new Error('outer', { cause: new Error(`no route to ${NUMBER}`) }) }, 'failed')],
    ['fields of our errors', (logger) => logger.error({ err: new PermanentError('x', 'y', { details: { to: NUMBER } }) }, 'failed')],
    ['child logger', (logger) => logger.child({ to: NUMBER }).child({ pii: NUMBER }).info('call')],
    ["Nest's logger", (logger) => new NestLogger(logger).error(new Error(NUMBER), 'stack', 'Context')],
  ])('shows no phone number: %s', (_where, write) => {
    const { logger, lines, text } = recorded();
    write(logger);
    expect(lines).toHaveLength(1);
    expect(text()).not.toMatch(/87654321|María/);
  });

  it.each([{ password: 'hunter2' }, { headers: { authorization: 'Bearer hunter2' } }, { config: { NATS_PASSWORD: 'hunter2' } }, { apiKey: ['hunter2'] }])(
    'shows no secret: %j',
    (fields) => {
      const { logger, text } = recorded();
      logger.info(fields, 'with a secret');
      logger.child(fields).info('with a secret');
      expect(text()).toContain('[redacted]');
      expect(text()).not.toContain('hunter2');
    },
  );

  it('tells what an error is, with its code and cause', () => {
    const { logger, lines } = recorded();
    logger.error({ err: new PermanentError('no_route', 'No route.', { cause: new TypeError('deeper') }) }, 'failed');
    logger.error(new RangeError('alone'));
    expect(lines[0]).toMatchObject({ msg: 'failed', err: { type: 'PermanentError', code: 'no_route', message: 'No route.', stack: expect.stringContaining('logger.spec'), cause: { type: 'TypeError', message: 'deeper' } } });
    expect(lines[1]).toMatchObject({ msg: 'alone', err: { type: 'RangeError' } });
  });

  it('survives circles, big integers and buffers', () => {
    const { logger, lines } = recorded();
    const circle: Record<string, unknown> = { bytes: Buffer.from('abc'), big: 5n };
    circle['self'] = circle;
    logger.info({ circle }, 'odd');
    expect(lines[0]).toMatchObject({ circle: { bytes: '[3 bytes]', big: '5', self: '[circular]' } });
  });
});
