import { Controller, Get, Res } from '@nestjs/common';
import { Health, type HealthReport } from '@troncal/observability';
import type { FastifyReply } from 'fastify';

/** For orchestrators, the launcher and people; needs no key. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** 200 while the process can answer at all. Says nothing about its surroundings: restarting us would not mend those. */
  @Get('live')
  live(): { readonly status: 'alive' } {
    return { status: 'alive' };
  }

  /** 200 when every part is there or left out by choice, else 503; each check with its reason. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.health.readiness();
    void reply.status(report.ready ? 200 : 503);
    return report;
  }
}
