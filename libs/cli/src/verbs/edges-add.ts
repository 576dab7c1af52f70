import { edgeIdSchema, edgeViewSchema, putEdgeSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';
import { checkFolder, recordingsIn } from './edge-folder.js';
import { showDeclared } from './edge-text.js';

const EXAMPLE = 'For example: troncal edges add edge-2 --ari http://10.0.0.5:8088 --ami-port 5038 --folder edge-2';

export const edgesAdd = verb(
  'add <edge>',
  'Declares an Asterisk, or changes one; shows what it is started with, its secrets once',
  (yargs) =>
    yargs
      .positional('edge', { type: 'string', demandOption: true, describe: 'Its id: a-z, 0-9, "-"' })
      .option('ari', { type: 'string', requiresArg: true, describe: 'Where the gateways reach ARI, e.g. http://10.0.0.5:8088 (needed)' })
      .option('ami-port', { type: 'number', default: 5038, requiresArg: true, describe: 'The port of AMI on the same host' })
      .option('media', { type: 'string', default: 'websocket', requiresArg: true, describe: 'How calls reach realtime-voice: websocket or audiosocket' })
      .option('audiosocket', { type: 'string', requiresArg: true, describe: 'host:port of realtime-voice’s AudioSocket, as the edge reaches it' })
      .option('recordings', { type: 'string', requiresArg: true, describe: 'The folder of its recordings, as the gateways see it (else the one in --folder if ARI is on loopback)' })
      .option('folder', { type: 'string', requiresArg: true, describe: 'Write what it is started with there (mode 0600), for npm run edge or a container, instead of showing it' }),
  async (args, session) => {
    if (args.ari === undefined) throw usageError('--ari is missing: the address where the gateways reach ARI of the new edge', EXAMPLE);
    const edgeId = checked('the edge', edgeIdSchema, args.edge);
    const { folder } = args;
    const here = folder !== undefined && URL.canParse(args.ari) && /^(localhost|127\.[\d.]+)$/.test(new URL(args.ari).hostname);
    const recordings = args.recordings ?? (here ? recordingsIn(folder) : undefined);
    const body = checked('the edge', putEdgeSchema, {
      ari: { url: args.ari }, ami: { port: args.amiPort }, media: args.media,
      ...(args.audiosocket === undefined ? {} : { audiosocketAddress: args.audiosocket }), ...(recordings === undefined ? {} : { recordingsDir: recordings }),
    });
    if (folder !== undefined) checkFolder(folder, edgeId);
    showDeclared(session, await session.api.ask({ method: 'PUT', path: path('api', 'edges', edgeId), body }, edgeViewSchema), folder);
    return EXIT.ok;
  },
);
