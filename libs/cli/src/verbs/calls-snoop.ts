import { snoopSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked, count } from '../arguments.js';
import { verb, type Verb } from '../verb.js';

/** A verb that rings a supervisor's phone to hear a call: to listen only, or to speak to one party too. */
const snoopVerb = (mode: 'listen' | 'whisper', describe: string): Verb =>
  verb(
    `${mode} <id> <extension>`,
    describe,
    (yargs) =>
      yargs
        .positional('id', CALL_ID)
        .positional('extension', { type: 'string', demandOption: true, describe: 'The supervisor’s phone' })
        .option('party', { choices: ['caller', 'other'] as const, default: 'caller' as const, describe: 'At whose ear' })
        .option('timeout', { default: 25, requiresArg: true, coerce: count('timeout', 1, 120), describe: 'Seconds to let it ring' }),
    async (args, session) => {
      const body = checked('the request', snoopSchema, { mode, extension: args.extension, party: args.party, timeoutMs: args.timeout * 1_000 });
      return steerCall(session, args.id, { path: ['snoop'], body }, (callId, { snoopId }) => `${args.extension} rings to hear call ${callId}; it ends with the call, by hanging up, or: troncal calls stop-listening ${callId} ${snoopId}`);
    },
  );

export const callsListen = snoopVerb('listen', 'Lets a supervisor’s phone hear the call');
export const callsWhisper = snoopVerb('whisper', 'Lets a supervisor hear the call and speak to one party alone');
