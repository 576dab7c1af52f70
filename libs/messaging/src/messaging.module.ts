import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule, MetadataScanner } from '@nestjs/core';
import { CommandClient } from './command/command-client.js';
import { CommandDesk } from './command/command-desk.js';
import { Bus } from './connection/bus.js';
import { CONSUMER_SURROUNDINGS, ConsumerRuntime, type ConsumerSurroundings } from './consume/consumer-runtime.js';
import { RedriveDeadLetter } from './consume/redrive-dead-letter.js';

/** Runs the application's `@ConsumesEvent` handlers; offers `Bus`, `CommandClient`, `CommandDesk` and `RedriveDeadLetter` to inject. */
@Module({})
export class MessagingModule {
  static register(surroundings: ConsumerSurroundings): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: CONSUMER_SURROUNDINGS, useValue: surroundings },
        { provide: Bus, useValue: surroundings.bus },
        { provide: CommandClient, useValue: new CommandClient(surroundings.bus, surroundings.metrics.histogram('troncal_command_seconds')) },
        { provide: CommandDesk, useValue: new CommandDesk(surroundings.bus, surroundings.logger, surroundings.spans, surroundings.replica) },
        MetadataScanner,
        ConsumerRuntime,
        { provide: RedriveDeadLetter, useFactory: (runtime: ConsumerRuntime) => new RedriveDeadLetter(runtime, surroundings), inject: [ConsumerRuntime] },
      ],
      exports: [Bus, CommandClient, CommandDesk, ConsumerRuntime, RedriveDeadLetter],
    };
  }
}
