import { edgeListSchema, edgeViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { facts } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { declarationFacts, stateFacts } from './edge-text.js';

export const edgesShow = verb(
  'show <edge>',
  'An edge: how it was declared, without its passwords, who owns it, and in what state it is',
  (yargs) => yargs.positional('edge', { type: 'string', demandOption: true, describe: 'Its id' }),
  async (args, session) => {
    const { edges } = await session.api.ask({ path: path('api', 'edges') }, edgeListSchema);
    const now = edges.find(({ edgeId }) => edgeId === args.edge);
    const declared = await session.api.ask({ path: path('api', 'edges', args.edge) }, edgeViewSchema).catch((error: unknown) => {
      // The edge of a gateway's settings is in no declaration.
      if (now && error instanceof CliError && error.exitCode === EXIT.notFound) return undefined;
      throw error;
    });
    const how = declared ? declarationFacts(declared) : [['edge', args.edge] as const, ['declared', 'by the settings of ari-gateway'] as const];
    show(session, { ...declared, ...now }, () => facts([...how, ...(now ? stateFacts(now) : [])]));
    return EXIT.ok;
  },
);
