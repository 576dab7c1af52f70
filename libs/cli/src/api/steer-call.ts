import { z } from 'zod';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { show, type Session } from '../session.js';
import { path, type ApiRequest } from './api-client.js';
import { resolveCall } from './resolve-call.js';

/** What the verbs of call control are told of the call they are about. */
export const CALL_ID = { type: 'string', demandOption: true, describe: 'Call id, its beginning (4 or more characters), or “last”' } as const;

/** What a verb on a live call asks, below /api/calls/{id}. */
export interface Steering {
  readonly method?: ApiRequest['method'];
  readonly path: readonly string[];
  readonly body?: object;
}

const answerSchema = z.looseObject({ slot: z.string().optional(), snoopId: z.string().optional(), recordingId: z.string().optional(), playbackId: z.string().optional() });
type SteerAnswer = z.output<typeof answerSchema>;

/** Asks something of a live call and tells what came of it; a refusal is shown as the API words it. */
export async function steerCall(session: Session, id: string, steering: Steering, text: (callId: string, answer: SteerAnswer) => string): Promise<ExitCode> {
  const callId = await resolveCall(session.api, id);
  const { method = 'POST', body = {} } = steering;
  const answer = await session.api.ask({ method, path: path('api', 'calls', callId, ...steering.path), ...(method === 'POST' && { body }) }, answerSchema);
  show(session, answer, () => `${text(callId, answer)}\n`);
  return EXIT.ok;
}
