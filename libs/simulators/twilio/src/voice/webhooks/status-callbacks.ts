import { rfc2822 } from '../../wire/page.js';
import type { Call, CallProgress } from '../calls/call.js';
import type { VoiceSettings } from '../voice-settings.js';
import type { Parameters } from './signature.js';
import type { WebhookClient, WebhookQuestion } from './webhook-client.js';

/** Where the progress of a call is told. */
export interface StatusWish {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly events: ReadonlySet<string>;
}

/** A wish that names no events is for the end alone. */
export function wishOf(url: string, method: 'GET' | 'POST', events: readonly string[]): StatusWish {
  return { url, method, events: new Set(events.length === 0 ? ['completed'] : events) };
}

const PROGRESS_STATUS: Readonly<Record<Exclude<CallProgress, 'completed'>, string>> = { initiated: 'initiated', ringing: 'ringing', answered: 'in-progress' };

/**
 * Tells customers of what happened, as Twilio does: best effort, in no sure order, and by the settings late, often or not at all. Nobody waits for it, and an
 * answer changes nothing.
 */
export class StatusCallbacks {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly webhooks: WebhookClient,
    private readonly settings: () => VoiceSettings,
  ) {}

  /** Tells of the call's progress from now on. */
  follow(call: Call, wish: StatusWish): void {
    let told = 0;
    call.onProgress((progress) => {
      if (!wish.events.has(progress)) return;
      const { url, method } = wish;
      const parameters = { ...call.parameters, ...progressOf(call, progress), SequenceNumber: String(told) };
      told += 1;
      this.send({ account: call.facts.account, callSid: call.sid, why: 'status', url, method, parameters });
    });
  }

  /** @param question of a recording, a stream or another thing that is told of */
  send(question: WebhookQuestion): void {
    const { shuffleMs, delayMs, repeat, lose } = this.settings().callbacks;
    for (let times = 0; times < repeat; times += 1) {
      if (Math.random() < lose) continue;
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.webhooks.ask(question).catch(() => undefined);
      }, delayMs + Math.random() * shuffleMs);
      this.timers.add(timer);
    }
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

function progressOf(call: Call, progress: CallProgress): Parameters {
  const common = { CallbackSource: 'call-progress-events', Timestamp: rfc2822(new Date()) };
  if (progress !== 'completed') return { ...common, CallStatus: PROGRESS_STATUS[progress] };
  return {
    ...common,
    CallDuration: String(call.durationS),
    Duration: String(Math.ceil(call.durationS / 60)),
    ...(call.sipStatus === undefined ? {} : { SipResponseCode: String(call.sipStatus) }),
    ...(call.sipStatus === undefined && call.isAnswered ? { SipResponseCode: '200' } : {}),
  };
}
