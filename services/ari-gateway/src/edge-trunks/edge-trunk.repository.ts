import type { EdgeTrunksV1 } from '@troncal/contracts';
import type { z } from 'zod';

/** As whom Twilio's rail calls, for one environment. */
export type EdgeTrunk = z.output<typeof EdgeTrunksV1.reply>['trunks'][number];

/** Where it is kept as whom Twilio's rail calls, for Asterisk and nobody else to read. */
export interface EdgeTrunkRepository {
  /** Has these be all: whoever isn't named is let in no more. @returns whether that changed anything */
  replace(trunks: readonly EdgeTrunk[]): Promise<boolean>;
}
