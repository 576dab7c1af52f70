import { Controller, Get, Inject } from '@nestjs/common';
import { Caller, Params, Query, requireTenant, type CallerFacts } from '@troncal/chassis';
import { tenantCodeSchema } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { z } from 'zod';
import type { Conversation, StoredToolRun, StoredTurn } from './conversation.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';

const listSchema = z.strictObject({
  tenant: tenantCodeSchema.optional(),
  call: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(40).optional().describe('`next` of the page before.'),
});
const idSchema = z.strictObject({ id: z.string().regex(/^[0-9A-Za-z-]{26,36}$/, 'the id of a conversation or of a call') });

interface ConversationPage {
  readonly conversations: readonly Conversation[];
  readonly next?: string;
}

interface ConversationWithTranscript extends Conversation {
  readonly transcript: readonly StoredTurn[];
  readonly tools: readonly StoredToolRun[];
}

/** What was said on the telephone: the newest first; one with its transcript, by its own id or by its call's. */
@Controller('api/conversations')
export class ConversationsController {
  constructor(@Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository) {}

  @Get()
  async list(@Query(listSchema) query: z.output<typeof listSchema>, @Caller() caller: CallerFacts): Promise<ConversationPage> {
    if (query.tenant !== undefined) requireTenant(caller, query.tenant);
    const tenant = query.tenant ?? (caller.tenant === '*' ? undefined : caller.tenant);
    const conversations = await this.conversations.list({ tenant, callId: query.call, limit: query.limit, after: query.after });
    const last = conversations.at(-1);
    return { conversations, ...(conversations.length === query.limit && last !== undefined ? { next: last.id } : {}) };
  }

  @Get(':id')
  async one(@Params(idSchema) { id }: z.output<typeof idSchema>, @Caller() caller: CallerFacts): Promise<ConversationWithTranscript> {
    const conversation = await this.conversations.byId(id);
    // Of another tenant is the same as unknown: ids tell nothing to who may not know.
    if (conversation === undefined || (caller.tenant !== '*' && caller.tenant !== conversation.tenant)) {
      throw new PermanentError('unknown_conversation', `There is no conversation ${id}.`, { status: 404, remedy: 'GET /api/conversations lists them.' });
    }
    const [transcript, tools] = await Promise.all([this.conversations.turns(conversation.id), this.conversations.toolRuns(conversation.id)]);
    return { ...conversation, transcript, tools };
  }
}
