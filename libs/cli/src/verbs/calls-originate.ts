import { randomUUID } from 'node:crypto';
import { originateSchema } from '@troncal/contracts';
import { z } from 'zod';
import { checked, count, pairs } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

const answerSchema = z.looseObject({ callId: z.string() });

export const callsOriginate = verb(
  'originate',
  'Rings a phone and, once it answers, runs a route or connects an AI agent',
  (yargs) =>
    yargs
      .option('to', { type: 'string', demandOption: true, requiresArg: true, describe: 'Extension, or number in E.164 through a trunk' })
      .option('from', { type: 'string', requiresArg: true, describe: 'Caller ID shown' })
      .option('route', { type: 'string', requiresArg: true, conflicts: 'agent', describe: 'Route to run' })
      .option('agent', { type: 'string', requiresArg: true, describe: 'AI agent to connect (“default” unless a route is given)' })
      .option('var', { type: 'string', array: true, default: [] as string[], describe: 'Variable of the call, NAME=value; may be repeated' })
      .option('timeout', { default: 30, requiresArg: true, coerce: count('timeout', 1, 120), describe: 'Seconds to let it ring' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant that calls (else TRONCAL_TENANT, else the demo’s)' })
      .option('idempotency-key', { type: 'string', requiresArg: true, describe: 'The same key never places a second call' }),
  async (args, session) => {
    const body = {
      tenant: session.context.tenant(args.tenant),
      to: args.to,
      ...(args.from !== undefined && { from: args.from }),
      ...(args.route !== undefined ? { route: args.route } : { agent: args.agent ?? 'default' }),
      variables: pairs('var', args.var),
      timeoutMs: args.timeout * 1_000,
    };
    checked('the call', originateSchema, body);
    const headers = { 'idempotency-key': args.idempotencyKey ?? randomUUID() };
    const call = await session.api.ask({ method: 'POST', path: '/api/calls', body, headers }, answerSchema);
    show(session, call, () => `call ${call.callId} is on its way; follow it with: troncal events --call ${call.callId}\n`);
    return EXIT.ok;
  },
);
