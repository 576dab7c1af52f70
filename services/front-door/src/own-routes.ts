import { problem, sendProblem, toProblem } from '@troncal/chassis';
import { API_SEGMENTS } from '@troncal/contracts';
import type { Health, Logger, Metrics } from '@troncal/observability';
import type { FastifyInstance } from 'fastify';

/** What the front door answers itself: health, metrics, an index of the API, and every error as a problem. */
export function registerOwnRoutes(app: FastifyInstance, around: { readonly health: Health; readonly metrics: Metrics; readonly logger: Logger }): void {
  const { health, metrics, logger } = around;
  app.get('/health/live', () => ({ status: 'alive' }));
  app.get('/health/ready', async (_request, reply) => {
    const report = await health.readiness();
    return reply.status(report.ready ? 200 : 503).send(report);
  });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()));
  app.get('/api', () => ({
    name: 'Troncal',
    health: '/health/ready',
    segments: Object.entries(API_SEGMENTS).map(([segment, service]) => ({ path: `/api/${segment}`, service })),
  }));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, problem(404, 'not_found', `Nothing answers ${request.method} ${request.url.split('?', 1)[0]}. GET /api tells what there is.`)));
  app.setErrorHandler((error, _request, reply) => {
    const { problem: said, unforeseen } = toProblem(error);
    if (unforeseen) logger.error({ err: error }, 'a request failed');
    return sendProblem(reply, said);
  });
}
