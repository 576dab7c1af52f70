import { Module, type DynamicModule } from '@nestjs/common';
import { DeadLetters } from '@troncal/persistence';
import type { Surroundings } from '../lifecycle/surroundings.js';
import { DeadLettersController, OWN_SERVICE } from './dead-letters.controller.js';

/** The service answers for its own dead letters: GET and POST /api/dead-letters/{service}. */
@Module({})
export class DeadLettersModule {
  static register({ service, deadLetters }: Surroundings): DynamicModule {
    return {
      module: DeadLettersModule,
      controllers: [DeadLettersController],
      providers: [
        { provide: OWN_SERVICE, useValue: service },
        { provide: DeadLetters, useValue: deadLetters },
      ],
    };
  }
}
