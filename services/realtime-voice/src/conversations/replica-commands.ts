import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import { AttachV1, ReleaseV1, ServingV1 } from '@troncal/contracts';
import { CommandDesk } from '@troncal/messaging';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { AttachConversation } from './attach-conversation.js';
import { LiveConversations } from './live-conversations.js';

/** What is waited for a journal to be written before the asker hears that it isn't. */
const WRITTEN_WITHIN_MS = 400;

/** The commands that concern this very replica, and those that it takes only as long as it takes calls. */
@Injectable()
export class ReplicaCommands implements OnApplicationBootstrap {
  constructor(
    private readonly desk: CommandDesk,
    private readonly attaching: AttachConversation,
    private readonly live: LiveConversations,
    private readonly schema: Schema,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Not awaited: the bus and the tables may be long in coming. */
  onApplicationBootstrap(): void {
    void runOutsideContext(() => this.open()).catch((error: unknown) => this.logger.error({ err: error }, 'this replica takes no commands'));
  }

  /** New calls go to the other replicas from now on. */
  async leave(): Promise<void> {
    await Promise.all([this.desk.leave(AttachV1), this.desk.leave(ServingV1)]);
  }

  private async open(): Promise<void> {
    await this.schema.ready();
    await this.desk.answer(ReleaseV1, async ({ callId, over }) => {
      const { here, written } = await this.live.letGo(callId, over, WRITTEN_WITHIN_MS);
      return { released: here, written };
    });
    await this.desk.share(ServingV1, () => Promise.resolve({ replica: this.desk.replica }));
    await this.desk.share(AttachV1, (request) => this.attaching.execute(request));
  }
}
