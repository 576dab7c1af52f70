import type { Account } from '../accounts/account.js';
import type { Alerts } from './alerts.js';
import type { Call } from './calls/call.js';
import type { DialTarget } from './flow/dialing/dial-target.js';
import type { Fetched, Instruction } from './flow/instruction.js';
import type { PromptAudio } from './media/prompt-audio.js';
import type { Queues } from './queues/queues.js';
import type { Recordings } from './recordings/recordings.js';
import type { Listeners } from './streams/listeners.js';
import type { VoiceSettings } from './voice-settings.js';
import type { HttpAnswer } from './webhooks/http-exchange.js';
import type { StatusCallbacks } from './webhooks/status-callbacks.js';
import type { WebhookClient } from './webhooks/webhook-client.js';

/** What executes TwiML on a call. */
export interface Flow {
  /** Runs to the end of its documents. Never rejects. Gives whether <Leave> ended it. */
  run(first: Instruction): Promise<'left' | 'ended'>;
  /** Ends what is being executed. */
  end(): void;
}

/** Voice as its verbs see it. */
export interface Plane {
  readonly settings: VoiceSettings;
  readonly alerts: Alerts;
  readonly webhooks: WebhookClient;
  readonly callbacks: StatusCallbacks;
  readonly queues: Queues;
  readonly recordings: Recordings;
  readonly listeners: Listeners;
  readonly prompts: PromptAudio;
  readonly dialer: {
    /** A leg of a <Dial>, which isn't started yet. */
    leg(parent: Call, target: DialTarget, callerId: string): Call;
    start(call: Call): void;
  };
  /** Whether an account may show a number to who is called: its own, and what it has verified. */
  mayShow(account: Account, e164: string): boolean;
  /** Executes TwiML on a call that goes on afterwards: before it is connected, or while it waits. */
  aside(call: Call): Flow;
  /** Sends a call elsewhere, in the middle of whatever it does; a dialled leg leaves who it is connected with. */
  redirect(call: Call, to: Instruction): void;
  /** Asks the customer's server about a call. @throws WebhookError */
  ask(call: Call, what: Fetched): Promise<HttpAnswer>;
  /** The same when nothing can come of the answer any more. Never rejects. */
  tell(call: Call, what: Fetched): Promise<void>;
}
