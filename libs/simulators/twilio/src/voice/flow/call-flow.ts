import { errorText } from '@troncal/kernel';
import type { Call } from '../calls/call.js';
import { readTwiml, TwimlError, type TwimlDocument } from '../twiml/document.js';
import type { Flow, Plane } from '../plane.js';
import { withoutFragment } from '../webhooks/signature.js';
import { WebhookError } from '../webhooks/webhook-client.js';
import type { Instruction, Next } from './instruction.js';
import { Interrupted, type VerbContext } from './verb.js';
import { verbOf } from './verbs.js';

/** What is said when a call can't go on. */
export const APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye.";
const QUIET_BEFORE_ANSWER = new Set(['Reject', 'Pause', 'Redirect', 'Dial']);

interface Loaded {
  readonly document: TwimlDocument;
  readonly base: string;
}

/** Executes TwiML on one call, document after document, until it is over or somebody sends it elsewhere. */
export class CallFlow implements Flow {
  private going: { readonly abort: AbortController; next: Instruction | undefined } = { abort: new AbortController(), next: undefined };

  private hasLeft = false;
  private isEnded = false;

  /** @param isAside whether the call goes on when its documents are at their end */
  constructor(
    private readonly plane: Plane,
    readonly call: Call,
    private readonly isAside: boolean,
  ) {}

  /** Runs until the call is over, or aside until its documents are at their end. Never rejects. Gives whether <Leave> ended it. */
  async run(first: Instruction): Promise<'left' | 'ended'> {
    let next: Instruction | undefined = first;
    try {
      while (next !== undefined && !this.call.isOver && !this.isEnded) next = await this.document(next);
    } catch (error) {
      this.call.trouble = errorText(error);
      process.emitWarning(`TwiML of ${this.call.sid} wasn't executed: ${error instanceof Error ? error.stack : String(error)}`);
      this.call.hangUp('failed');
    }
    if (!this.isAside) this.call.hangUp('failed');
    return this.hasLeft ? 'left' : 'ended';
  }

  /** Ends what is being executed. */
  end(): void {
    this.isEnded = true;
    this.going.abort.abort();
  }

  /** Ends what is being executed, and goes on there. */
  redirect(to: Instruction): void {
    this.going.next = to;
    this.going.abort.abort();
  }

  /** What comes after it; nothing at the end. */
  private async document(instruction: Instruction): Promise<Instruction | undefined> {
    this.going = { abort: new AbortController(), next: undefined };
    const going = this.going;
    const signal = AbortSignal.any([going.abort.signal, this.call.over]);
    const loaded = await this.load(instruction);
    if (going.next !== undefined || this.isEnded) return going.next;
    if (loaded === undefined) return this.fail();
    try {
      return await this.verbs(loaded, signal);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.call.player.stop();
      return going.next;
    }
  }

  private async verbs({ document, base }: Loaded, signal: AbortSignal): Promise<Instruction | undefined> {
    const { call, plane } = this;
    const warn = (code: number, text: string): void => plane.alerts.note(call.facts.account, code, text, { resourceSid: call.sid, url: base });
    for (const warning of document.warnings) warn(12200, warning);
    for (const verb of document.verbs) {
      if (signal.aborted) throw new Interrupted();
      if (!QUIET_BEFORE_ANSWER.has(verb.name)) await call.answer();
      const context: VerbContext = { plane, call, base, signal, warn };
      const next: Next = await verbOf(verb.name)(verb, context);
      if (next === 'leave') {
        this.hasLeft = true;
        return undefined;
      }
      if (next === 'hang-up') {
        call.hangUp('completed');
        return undefined;
      }
      if (next !== 'on') return next;
    }
    return undefined;
  }

  /** The document, or that of the fallback. */
  private async load(instruction: Instruction): Promise<Loaded | undefined> {
    const { fallback } = this.call.facts;
    const first = await this.tried(instruction);
    if (!('error' in first)) return first;
    if (fallback === undefined || this.call.isOver) return undefined;
    const second = await this.tried({ ...fallback, why: 'fallback', parameters: { ErrorCode: String(first.error.code), ErrorUrl: first.url } });
    return 'error' in second ? undefined : second;
  }

  private async tried(instruction: Instruction): Promise<Loaded | { readonly error: WebhookError | TwimlError; readonly url: string }> {
    const url = 'url' in instruction ? withoutFragment(instruction.url) : instruction.base;
    try {
      if ('twiml' in instruction) return { document: readTwiml(instruction.twiml), base: instruction.base };
      const answer = await this.plane.ask(this.call, instruction);
      return { document: readTwiml(answer.body.toString('utf8'), answer.contentType), base: url };
    } catch (error) {
      if (!(error instanceof WebhookError) && !(error instanceof TwimlError)) throw error;
      this.plane.alerts.note(this.call.facts.account, error.code, error.message, { resourceSid: this.call.sid, url });
      return { error, url };
    }
  }

  /** Says that it can't go on, and ends the call as failed. */
  private async fail(): Promise<undefined> {
    const { call, plane } = this;
    call.trouble = 'no TwiML could be had or executed';
    if (call.isOver) return undefined;
    call.say({ verb: 'Say', text: APPLICATION_ERROR, language: 'en-US' });
    if (call.isAnswered) await call.player.play(await plane.prompts.of(APPLICATION_ERROR, 'en-US'));
    call.refuse('failed', 500);
    return undefined;
  }
}
