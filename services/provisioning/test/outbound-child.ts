import { flushCompileCache } from 'node:module';
import { community, dials, openDesk } from './outbound-lab.js';

/** A replica of the desk in a process of its own: decides what it is told to, and tells what came of it. */
const { desk } = openDesk({ appUrl: process.env['DATABASE_URL'] ?? '', schema: process.env['SCHEMA'] ?? '' });

process.on('message', ({ tenant, keys }: { readonly tenant: string; readonly keys: readonly string[] }) => {
  void Promise.all(keys.map((key) => desk.decide(dials(community(tenant), '+56 9 8765 4321', key)))).then((decisions) => process.send?.({ tenant, decisions }));
});
// Node writes what it has compiled when a process ends by itself, which this one does not.
flushCompileCache();
process.send?.('ready');
