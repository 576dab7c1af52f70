import { edgeViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';
import { showEdge } from './edge-text.js';

export const edgesShow = verb(
  'show <edge>',
  'A declared edge, without its passwords',
  (yargs) => yargs.positional('edge', { type: 'string', demandOption: true, describe: 'Its id' }),
  async (args, session) => {
    showEdge(session, await session.api.ask({ path: path('api', 'edges', args.edge) }, edgeViewSchema), undefined);
    return EXIT.ok;
  },
);
