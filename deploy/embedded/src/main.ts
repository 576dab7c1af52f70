import { PartUnavailableError } from '@troncal/parts';
import { AlreadyRunningError } from './launcher-lock.js';
import { CLONE_DIR, Launcher, StartFailedError } from './launcher.js';
import { parseStartOptions, START_HELP, UsageError } from './options.js';
import { obeyOrders } from './launcher-orders.js';
import { resetState } from './reset.js';
import { readStackState } from './state-writer.js';
import { stateLayout } from './state-layout.js';
import { Terminal } from './terminal.js';

const [verb = 'start', ...args] = process.argv.slice(2);
const terminal = new Terminal();

/** Exit codes: 0 stopped as asked, 1 could not start, 2 wrong use, 3 already running. */
async function main(): Promise<number> {
  const options = parseStartOptions(args, process.env, CLONE_DIR);
  if (!options) {
    terminal.plain(START_HELP);
    return 0;
  }
  if (verb === 'reset') {
    const removed = await resetState(options.stateDir);
    terminal.plain(removed.length > 0 ? `forgot ${removed.join(' and ')}` : 'nothing to forget');
    return 0;
  }
  if (verb !== 'start') throw new UsageError(`unknown command ${verb}: start or reset`);
  return run(new Launcher(options, CLONE_DIR, terminal, process.env));
}

async function run(launcher: Launcher): Promise<number> {
  obeyOrders(launcher);
  const stopped = new Promise<number>((resolve) => {
    const stop = (reason: string, code: number) => (): void => void launcher.stop(reason).then(() => resolve(code));
    process.on('SIGINT', stop('Ctrl-C', 0));
    process.on('SIGTERM', stop('SIGTERM', 0));
    process.on('SIGHUP', stop('the terminal is gone', 0));
    // The command that started us (npm, a test) is dead: nobody could stop us any more.
    if (process.channel) process.once('disconnect', stop('the starting process is gone', 0));
    process.once('uncaughtException', (error) => {
      console.error(error);
      stop('a fault of the launcher', 1)();
    });
  });
  process.stdout.on('error', () => {});
  try {
    // Stopping wins: a download or a wait of `start` is not waited for.
    await Promise.race([launcher.start(), stopped]);
  } catch (error) {
    if (error instanceof AlreadyRunningError) throw error;
    await launcher.stop('it could not start');
    throw error;
  }
  return stopped;
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof AlreadyRunningError) {
    const state = readStackState(stateLayout(parseStartOptions(args, process.env, CLONE_DIR)?.stateDir ?? '').stateFile);
    console.error(`${error.message}${state ? ` Its API is ${state.http.url}.` : ''} Stop it with Ctrl-C where it runs, or kill ${error.pid}.`);
    process.exit(3);
  }
  const expected = error instanceof UsageError || error instanceof PartUnavailableError || error instanceof StartFailedError;
  console.error(expected ? (error as Error).message : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
