import { AriUnreachableError } from './ari-error.js';
import type { AriCommand, AriSend } from './command.js';
import type { HttpCommands } from './http-commands.js';
import type { EventSocket } from './event-socket.js';

/**
 * Lets commands through only while the event socket has lately proved that the application is ours: a ping that Asterisk answered within the last
 * `freshMs`. A process that wakes from a freeze finds its timers due before it hears that it was replaced; here it waits for an answer first.
 * Asked in the moment in which a command is written: one that waited for its connection when the process was frozen has passed nothing yet.
 */
export class LinkGate {
  private socket: EventSocket | undefined;
  private provedAt = -Infinity;

  constructor(
    private readonly freshMs: number,
    private readonly deadlineMs: number,
  ) {}

  /** The socket that proves it from now on. */
  watch(socket: EventSocket): void {
    this.socket = socket;
  }

  /** @throws AriUnreachableError when no proof can be had in time */
  guard(send: HttpCommands['send']): AriSend {
    return (command) => send(command, () => this.prove(command));
  }

  private async prove({ operation }: AriCommand): Promise<void> {
    this.provedAt = Math.max(this.provedAt, this.socket?.provedAt ?? -Infinity);
    const age = performance.now() - this.provedAt;
    if (age <= this.freshMs) return;
    const said = `the link has shown no sign of life ${Number.isFinite(age) ? `for ${Math.round(age)} ms` : 'yet'}, so nothing is sent`;
    const proof = this.socket?.prove(this.deadlineMs);
    if (!proof || !(await proof)) throw new AriUnreachableError(operation, said);
  }
}
