import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const edgesRemove = verb(
  'remove <edge>',
  'Removes a declared edge; refused while calls are live on it',
  (yargs) => yargs.positional('edge', { type: 'string', demandOption: true, describe: 'Its id' }),
  async (args, session) => {
    await session.api.tell({ method: 'DELETE', path: path('api', 'edges', args.edge) });
    show(session, { edgeId: args.edge, removed: true }, () => `edge ${args.edge} is gone: no gateway holds its Asterisk any more, whose callers are served by its own fallback until you stop it\n`);
    return EXIT.ok;
  },
);
