import { saySchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked } from '../arguments.js';
import { verb } from '../verb.js';

export const callsSay = verb(
  'say <id> <text>',
  'Says a text to everybody in the call',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .positional('text', { type: 'string', demandOption: true, describe: 'What to say' })
      .option('language', { choices: ['es', 'en'] as const, requiresArg: true, describe: 'Language of the text (else the call’s)' }),
  async (args, session) => {
    const body = checked('the text', saySchema, { text: args.text, language: args.language });
    return steerCall(session, args.id, { path: ['say'], body }, (callId) => `call ${callId} hears it`);
  },
);
