import { join } from 'node:path';
import { Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, LOGGER, Schema } from '@troncal/chassis';
import { Telemetry, type Logger } from '@troncal/observability';
import { Journal } from '@troncal/persistence';
import type { ProvisioningConfig } from '../config.js';
import { CallQualityModule } from '../call-quality/call-quality.module.js';
import { KpisModule } from '../kpis/kpis.module.js';
import { AskAboutCalls } from './ask-about-calls.js';
import { AskAboutQuality } from './ask-about-quality.js';
import { AskInTime } from './ask-in-time.js';
import { CallFacts } from './call-facts.js';
import { CallLookup } from './call-lookup.js';
import { TwilioCallLookup } from './call-lookup.twilio.js';
import { QualityLookup } from './quality-lookup.js';
import { TwilioQualityLookup } from './quality-lookup.twilio.js';
import { RailCallRepository } from './rail-call.repository.js';
import { PgRailCallRepository } from './rail-call.repository.pg.js';
import { RailCallsPublisher } from './rail-calls.publisher.js';
import { RailFactWriter } from './rail-fact-writer.js';
import { TellDueCalls } from './tell-due-calls.js';
import { TellRailCall } from './tell-rail-call.js';

/** Opens the writer's journal at the start, and closes it after the last webhook was answered. */
@Injectable()
class RailFactWriterLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly writer: RailFactWriter,
    private readonly telemetry: Telemetry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.telemetry.metrics.gauge('troncal_rail_facts_waiting_count', (gauge) => gauge.set(this.writer.depth));
    await this.writer.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writer.stop();
  }
}

/** What happens in calls on Twilio's rail, from fact to event. */
@Module({
  imports: [CallQualityModule, KpisModule],
  providers: [
    { provide: RailCallRepository, useClass: PgRailCallRepository },
    {
      provide: RailFactWriter,
      inject: [CONFIG, LOGGER, Schema, RailCallRepository],
      useFactory: (config: ProvisioningConfig, logger: Logger, schema: Schema, calls: RailCallRepository) =>
        new RailFactWriter({
          calls, logger, schemaReady: () => schema.ready(),
          journal: config.JOURNAL_DIR === undefined ? undefined : new Journal(join(config.JOURNAL_DIR, 'rail-calls.journal'), logger),
        }),
    },
    { provide: CallFacts, useExisting: RailFactWriter },
    { provide: CallLookup, useClass: TwilioCallLookup },
    { provide: QualityLookup, useClass: TwilioQualityLookup },
    AskAboutCalls,
    AskAboutQuality,
    AskInTime,
    RailCallsPublisher,
    TellRailCall,
    TellDueCalls,
    RailFactWriterLife,
  ],
  exports: [CallFacts, CallLookup],
})
export class RailCallsModule {}
