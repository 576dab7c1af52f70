import { edgeListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { stateText } from './edge-text.js';

export const edgesList = verb(
  'list',
  'The edges: who owns each, and in what state it is',
  (yargs) => yargs,
  async (_args, session) => {
    const { edges } = await session.api.ask({ path: path('api', 'edges') }, edgeListSchema);
    show(session, edges, () =>
      table(
        edges,
        [
          { title: 'EDGE', value: (edge) => edge.edgeId },
          { title: 'STATE', value: (edge) => stateText(edge) },
          { title: 'OWNER', value: (edge) => edge.holder ?? '' },
          { title: 'EPOCH', value: (edge) => String(edge.epoch) },
          { title: 'CALLS', value: (edge) => String(edge.liveCalls) },
          { title: 'ASTERISK', value: (edge) => edge.version ?? '' },
        ],
        'No edges yet. Declare one: troncal edges add edge-2 --ari http://10.0.0.5:8088',
      ),
    );
    return EXIT.ok;
  },
);
