import { Controller, Get, Header } from '@nestjs/common';
import { Metrics } from '@troncal/observability';

/** For Prometheus: from the loopback address, or with a key. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.metrics.text();
  }
}
