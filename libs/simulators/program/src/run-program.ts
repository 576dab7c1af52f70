import { z } from 'zod';

/** Of the environment of a simulator's program. */
export const listeningHost = (): z.ZodDefault<z.ZodString> => z.string().default('127.0.0.1').describe('an address to listen on');

export interface RunningSimulator {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Has a simulator be this process. It says where it listens, in one JSON object on one line as the services' logs are, and as `{type: 'listening', url}` to a
 * parent with an IPC channel: launchers and benches read these. It ends by SIGINT, by SIGTERM, and when that parent dies: it must not be left behind.
 * @param what `Twilio`: the line says `SIMULATED Twilio is listening`
 * @param facts more to say in that line
 */
export function runProgram(what: string, simulator: RunningSimulator, facts: Readonly<Record<string, string>> = {}): void {
  console.log(JSON.stringify({ level: 'info', msg: `SIMULATED ${what} is listening`, url: simulator.url, ...facts, pid: process.pid }));
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (process.send) {
    process.once('disconnect', stop);
    process.send({ type: 'listening', url: simulator.url });
  }
}
