import { HandoffV1, HangupV1, type CommandDefinition } from '@troncal/contracts';
import type { Bus } from '@troncal/messaging';

type Connection = Awaited<ReturnType<Bus['connection']>>;

/** Answers the commands that realtime-voice sends to the gateway. */
export class FakeGateway {
  readonly asked: { readonly subject: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  private readonly unanswered = new Set<string>();

  private constructor(private readonly connection: Connection) {}

  static async start(connection: Connection): Promise<FakeGateway> {
    const gateway = new FakeGateway(connection);
    gateway.serve(connection, HandoffV1, () => ({ accepted: true }));
    gateway.serve(connection, HangupV1, () => ({ ended: true }));
    await connection.flush();
    return gateway;
  }

  /** Answers one more command. */
  answer(command: CommandDefinition, reply: (data: Readonly<Record<string, unknown>>) => object): void {
    this.serve(this.connection, command, reply);
  }

  /** From now on a call's requests find nobody who answers. */
  leaveUnanswered(callId: string): void {
    this.unanswered.add(callId);
  }

  /** The requests about a call. */
  of(callId: string): readonly { readonly subject: string; readonly data: Readonly<Record<string, unknown>> }[] {
    return this.asked.filter(({ data }) => data['callId'] === callId);
  }

  private serve(connection: Connection, command: CommandDefinition, answer: (data: Readonly<Record<string, unknown>>) => object): void {
    connection.subscribe(command.subject, {
      callback: (_, message) => {
        const { data, id } = message.json<{ data: Record<string, unknown>; id: string }>();
        this.asked.push({ subject: command.subject, data });
        if (this.unanswered.has(String(data['callId']))) return;
        message.respond(JSON.stringify({ id, response: { ok: true, data: answer(data) }, isDisposed: true }));
      },
    });
  }
}
