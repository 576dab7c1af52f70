import { deadLetterPageSchema, deadLetterWithBodySchema, SERVICE_NAMES, type DeadLetterView, type DeadLetterWithBody, type ServiceName } from '@troncal/contracts';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from './api-client.js';
import { path } from './api-client.js';
import { listAll } from './page.js';

/** Which dead letters; all that wait when nothing is given. */
export interface DeadLetterChoice {
  readonly service?: ServiceName | undefined;
  readonly handler?: string | undefined;
  readonly tenant?: string | undefined;
  readonly state?: 'waiting' | 'redriven' | 'discarded' | 'all' | undefined;
  readonly since?: Date | undefined;
}

/** Dead letters of all services, or of one, the newest first; and the services that could not be asked, with why. */
export async function listDeadLetters(api: ApiClient, choice: DeadLetterChoice, most: number): Promise<{ readonly letters: DeadLetterView[]; readonly away: readonly CliError[] }> {
  const { service, handler, tenant, state, since } = choice;
  const away: CliError[] = [];
  const ofEach = await Promise.all(
    (service === undefined ? SERVICE_NAMES : [service]).map((name) =>
      listAll(api, { path: path('api', 'dead-letters', name), query: { handler, tenant, state, since: since?.toISOString() } }, deadLetterPageSchema, (page) => page.deadLetters, most).catch((error: unknown) => {
        // One service that is away must not hide the letters of the others; a wrong key is wrong for all.
        if (service !== undefined || !(error instanceof CliError) || error.exitCode === EXIT.refused) throw error;
        away.push(error);
        return [];
      }),
    ),
  );
  return { letters: ofEach.flat().toSorted((one, two) => two.deadLetterId.localeCompare(one.deadLetterId)).slice(0, most), away };
}

/** One dead letter by its id, wherever it is. Throws when no service that answers has it. */
export async function findDeadLetter(api: ApiClient, id: string): Promise<DeadLetterWithBody> {
  let reason: unknown;
  for (const service of SERVICE_NAMES) {
    try {
      return await api.ask({ path: path('api', 'dead-letters', service, id.toUpperCase()) }, deadLetterWithBodySchema);
    } catch (error) {
      // What was not found here may be elsewhere; what a service that is away would say is not known.
      if (!(error instanceof CliError) || (error.exitCode !== EXIT.notFound && error.exitCode !== EXIT.unreachable)) throw error;
      if (reason === undefined || error.exitCode === EXIT.unreachable) reason = error;
    }
  }
  throw reason;
}
