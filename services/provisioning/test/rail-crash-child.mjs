// The service in a process of its own, to be killed at a label (CRASH_AT) by crash.spec: notes the facts that it is sent, and says when they are stored. Runs against the build.
import { flushCompileCache } from 'node:module';
import { startService } from '../dist/index.js';
import { RailFactWriter } from '../dist/rail-calls/rail-fact-writer.js';

const service = await startService(process.env);
const writer = service.get(RailFactWriter);
const sayWhenStored = () => (writer.behindMs > 0 ? void setTimeout(sayWhenStored, 5) : process.send('stored'));
process.on('message', ({ facts }) => {
  for (const fact of facts) writer.note(fact);
  sayWhenStored();
});
// Node writes what it has compiled when a process ends by itself, which this one does not.
flushCompileCache();
process.send('listening');
