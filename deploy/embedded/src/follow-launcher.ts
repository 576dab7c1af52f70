import { flushCompileCache } from 'node:module';

/** All that a service needs is loaded by then. */
const LOADED_MS = 5_000;

/**
 * Loaded before every Node child (`node --import`): when the launcher dies, also by kill -9, the IPC channel closes and the
 * child stops as if it had been asked to. The channel alone never keeps it alive.
 */
if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    // A child that hangs in its shutdown must not outlive us for long.
    setTimeout(() => process.exit(1), 10_000).unref();
  });
  // After the listener, which would hold the process again.
  process.channel.unref();
  // Node writes what it has compiled (NODE_COMPILE_CACHE) when it ends, and a killed process never does.
  setTimeout(flushCompileCache, LOADED_MS).unref();
}
