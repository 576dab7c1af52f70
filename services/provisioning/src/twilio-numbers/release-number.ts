import { Injectable } from '@nestjs/common';
import { PermanentError } from '@troncal/kernel';
import { StartRun } from '../runs/start-run.js';
import { TwilioNumberRepository } from './twilio-numbers.repository.js';

/**
 * Begins to give a number back to Twilio, for ever: only one that no tenant wants any more, after it was held, and named a second time.
 * @throws PermanentError `number_not_held`, `number_on_hold`, `not_confirmed`, `run_under_way`
 */
@Injectable()
export class ReleaseHeld {
  constructor(
    private readonly numbers: TwilioNumberRepository,
    private readonly start: StartRun,
  ) {}

  /** @returns the run */
  async run(environment: string, e164: string, confirm: string): Promise<string> {
    return this.start.run(
      environment,
      'release',
      async (tx) => {
        const number = await this.numbers.lock(tx, e164);
        if (number?.environment !== environment || number.state !== 'held') throw notHeld(environment, e164);
        if (confirm !== e164) throw notConfirmed(e164);
        if (number.releasableAt !== null && number.releasableAt.getTime() > Date.now()) throw onHold(e164, number.releasableAt);
        return [number.tenant];
      },
      { e164 },
    );
  }
}

const notHeld = (environment: string, e164: string): PermanentError =>
  new PermanentError('number_not_held', `${e164} is no number of "${environment}" that nobody wants any more.`, { status: 409, remedy: 'Take it out of its tenant’s declaration first, or delete the tenant; then it is held.' });

const notConfirmed = (e164: string): PermanentError => new PermanentError('not_confirmed', `${e164} would be gone for ever: nobody gets a number back.`, { status: 409, remedy: `Name it a second time: confirm ${e164}` });

const onHold = (e164: string, until: Date): PermanentError =>
  new PermanentError('number_on_hold', `${e164} is held until ${until.toISOString()}.`, { status: 409, details: { until: until.toISOString() }, remedy: 'Wait until then, or declare it for a tenant again.' });
