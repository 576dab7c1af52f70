import { edgeViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';
import { checkFolder } from './edge-folder.js';
import { showDeclared } from './edge-text.js';

export const edgesRotate = verb(
  'rotate <edge>',
  'Gives an edge new passwords, shown once; start it with them, until then the gateways can’t enter',
  (yargs) =>
    yargs
      .positional('edge', { type: 'string', demandOption: true, describe: 'Its id' })
      .option('folder', { type: 'string', requiresArg: true, describe: 'Write what it is started with there (mode 0600) instead of showing it' }),
  async (args, session) => {
    if (args.folder !== undefined) checkFolder(args.folder, args.edge);
    showDeclared(session, await session.api.ask({ method: 'POST', path: path('api', 'edges', args.edge, 'rotate') }, edgeViewSchema), args.folder);
    return EXIT.ok;
  },
);
