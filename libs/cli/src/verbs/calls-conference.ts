import { conferenceSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked } from '../arguments.js';
import { verb } from '../verb.js';

export const callsConference = verb(
  'conference <id> <name>',
  'Has the call take part in a conference',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .positional('name', { type: 'string', demandOption: true, describe: 'Conference of the tenant; it begins with its first call' }),
  async (args, session) => {
    const body = checked('the conference', conferenceSchema, { conference: args.name });
    return steerCall(session, args.id, { path: ['conference'], body }, (callId) => `call ${callId} joins the conference ${args.name}`);
  },
);
