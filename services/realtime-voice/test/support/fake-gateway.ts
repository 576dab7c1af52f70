import { HandoffV1, HangupV1, type CommandDefinition } from '@troncal/contracts';
import type { Bus } from '@troncal/messaging';

type Connection = Awaited<ReturnType<Bus['connection']>>;

/** Answers the commands that realtime-voice sends to the gateway, as the test says. */
export class FakeGateway {
  readonly asked: { readonly subject: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  /** What is answered; undefined leaves the asker without an answer. */
  answers: { handoff: object | undefined; hangup: object | undefined } = { handoff: { accepted: true }, hangup: { ended: true } };

  private constructor(private readonly connection: Connection) {}

  static async start(connection: Connection): Promise<FakeGateway> {
    const gateway = new FakeGateway(connection);
    gateway.serve(connection, HandoffV1, () => gateway.answers.handoff);
    gateway.serve(connection, HangupV1, () => gateway.answers.hangup);
    await connection.flush();
    return gateway;
  }

  /** Answers one more command. */
  answer(command: CommandDefinition, reply: (data: Readonly<Record<string, unknown>>) => object): void {
    this.serve(this.connection, command, reply);
  }

  /** The requests about a call. */
  of(callId: string): readonly { readonly subject: string; readonly data: Readonly<Record<string, unknown>> }[] {
    return this.asked.filter(({ data }) => data['callId'] === callId);
  }

  private serve(connection: Connection, command: CommandDefinition, answer: (data: Readonly<Record<string, unknown>>) => object | undefined): void {
    connection.subscribe(command.subject, {
      callback: (_, message) => {
        const { data, id } = message.json<{ data: Record<string, unknown>; id: string }>();
        this.asked.push({ subject: command.subject, data });
        const reply = answer(data);
        if (reply !== undefined) message.respond(JSON.stringify({ id, response: { ok: true, data: reply }, isDisposed: true }));
      },
    });
  }
}
