import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import {
  discardDeadLetterSchema,
  listDeadLettersSchema,
  serviceNameSchema,
  type deadLetterPageSchema,
  type DeadLetterView,
  type DeadLetterWithBody,
  type ServiceName,
} from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { RedriveDeadLetter } from '@troncal/messaging';
import { DeadLetters, unknownDeadLetter, type DeadLetter } from '@troncal/persistence';
import { z } from 'zod';
import { Body, Params, Query } from '../http/validated.js';
import type { Caller as CallerFacts } from '../security/api-keys.js';
import { Caller, requireScope } from '../security/caller.js';

export const OWN_SERVICE = Symbol('OWN_SERVICE');

const servicePath = z.object({ service: serviceNameSchema });
const letterPath = servicePath.extend({ id: z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'expected the id of a dead letter: 26 letters and digits') });

/** What this service's handlers gave up. For keys of the whole platform with the scope `dead-letters`: letters hold events of any tenant, or what can't be told to be anyone's. */
@Controller('api/dead-letters/:service')
export class DeadLettersController {
  constructor(
    @Inject(OWN_SERVICE) private readonly own: ServiceName,
    private readonly letters: DeadLetters,
    private readonly redriveLetter: RedriveDeadLetter,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(servicePath) path: z.output<typeof servicePath>, @Query(listDeadLettersSchema) query: z.output<typeof listDeadLettersSchema>): Promise<z.output<typeof deadLetterPageSchema>> {
    this.admit(caller, path.service);
    const { handler, tenant, state, since, limit, after } = query;
    const found = await this.letters.list({ handler, tenant, state: state === 'all' ? undefined : state, since: since === undefined ? undefined : new Date(since), limit: limit + 1, after });
    const deadLetters = found.slice(0, limit).map((letter) => this.view(letter));
    const last = deadLetters.at(-1);
    return found.length > limit && last ? { deadLetters, next: last.deadLetterId } : { deadLetters };
  }

  @Get(':id')
  async show(@Caller() caller: CallerFacts, @Params(letterPath) { service, id }: z.output<typeof letterPath>): Promise<DeadLetterWithBody> {
    this.admit(caller, service);
    const letter = await this.letters.find(id);
    if (!letter) throw unknownDeadLetter(id);
    return this.whole(letter);
  }

  /** Answers when the handler has ended: with the letter redriven, or 409 `redrive_failed`. */
  @Post(':id/redrive')
  @HttpCode(200)
  async redrive(@Caller() caller: CallerFacts, @Params(letterPath) { service, id }: z.output<typeof letterPath>): Promise<DeadLetterWithBody> {
    this.admit(caller, service);
    return this.whole(await this.redriveLetter.run(id, caller.keyId));
  }

  @Post(':id/discard')
  @HttpCode(200)
  async discard(@Caller() caller: CallerFacts, @Params(letterPath) { service, id }: z.output<typeof letterPath>, @Body(discardDeadLetterSchema) { reason }: z.output<typeof discardDeadLetterSchema>): Promise<DeadLetterWithBody> {
    this.admit(caller, service);
    return this.whole(await this.letters.discard(id, caller.keyId, reason));
  }

  private admit(caller: CallerFacts, service: ServiceName): void {
    if (caller.tenant !== '*') throw new PermanentError('platform_key_needed', 'Dead letters are for keys of the whole platform.', { status: 403 });
    requireScope(caller, 'dead-letters');
    if (service !== this.own) throw new PermanentError('not_found', `${this.own} answers for its own dead letters only.`, { status: 404, remedy: `Ask ${service}, or the front door.` });
  }

  private view(letter: DeadLetter): DeadLetterView {
    const { id, handler, tenant, eventType, eventId, subject, stream, streamSequence, state, code, error, tries } = letter;
    const times = { publishedAt: letter.publishedAt.toISOString(), givenUpAt: letter.givenUpAt.toISOString(), settledAt: letter.settledAt?.toISOString() ?? null };
    const obstacle = this.redriveLetter.obstacle(letter)?.reason ?? null;
    return { deadLetterId: id, service: this.own, handler, tenant, eventType, eventId: eventId ?? null, subject, stream, streamSequence, state, code, error, tries, obstacle, ...times };
  }

  private whole(letter: DeadLetter): DeadLetterWithBody {
    return { ...this.view(letter), history: [...letter.history], headers: { ...letter.headers }, body: Buffer.from(letter.body).toString('utf8') };
  }
}
