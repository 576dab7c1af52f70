import { COMPLAINT_KINDS, complaintSchema, complaintViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { resolveCall } from '../api/resolve-call.js';
import { CALL_ID } from '../api/steer-call.js';
import { checked } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const complaintsAdd = verb(
  'add <id>',
  'Takes down what somebody complains of in a call, of either rail: it counts in the tenant’s figures',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .option('kind', { choices: COMPLAINT_KINDS, demandOption: true, requiresArg: true, describe: 'What of: one-way (one side heard nothing), keys (digits not understood), dropped (it ended by itself)…' })
      .option('note', { type: 'string', requiresArg: true, describe: 'In their words' }),
  async (args, session) => {
    const callId = await resolveCall(session.api, args.id);
    const body = checked('the complaint', complaintSchema, { kind: args.kind, note: args.note });
    const complaint = await session.api.ask({ method: 'POST', path: path('api', 'calls', callId, 'complaints'), body }, complaintViewSchema);
    show(session, complaint, () => `complaint ${complaint.complaintId}: ${complaint.kind} in call ${callId}, in the figures of ${complaint.tenant}\n`);
    return EXIT.ok;
  },
);
