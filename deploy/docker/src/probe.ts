import { existsSync } from 'node:fs';
import net from 'node:net';
import { drainMarker } from './drain-marker.js';

// `probe.js live`: Asterisk answers on ARI's port. `probe.js ready`: and it isn't draining. A draining edge is alive: a probe that said otherwise would
// have its calls cut. Loads nothing else, because it is run every few seconds.
const port = Number(process.env['ARI_PORT'] ?? 8088);
const draining = process.argv[2] === 'ready' && existsSync(drainMarker(process.env['ETC_DIR']));
if (draining) process.exit(1);
net
  .connect(port, '127.0.0.1')
  .on('connect', () => process.exit(0))
  .on('error', () => process.exit(1));
