import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import { Alerts } from './alerts.js';
import type { Call } from './calls/call.js';
import { Calls } from './calls/calls.js';
import { Dialer } from './calls/dialer.js';
import { CallFlow } from './flow/call-flow.js';
import type { Fetched, Instruction } from './flow/instruction.js';
import type { Flow, Plane } from './plane.js';
import { PromptAudio } from './media/prompt-audio.js';
import { Queues } from './queues/queues.js';
import { Recordings } from './recordings/recordings.js';
import { Listeners } from './streams/listeners.js';
import { placeOf, voiceSettingsSchema, type VoiceSettings } from './voice-settings.js';
import type { HttpAnswer } from './webhooks/http-exchange.js';
import { StatusCallbacks } from './webhooks/status-callbacks.js';
import { WebhookClient } from './webhooks/webhook-client.js';

/** All of Twilio's voice: calls and what executes their TwiML. */
export class VoicePlane implements Plane {
  settings: VoiceSettings = voiceSettingsSchema.parse({});
  readonly alerts = new Alerts();
  readonly webhooks = new WebhookClient((url) => placeOf(this.settings, url));
  readonly callbacks = new StatusCallbacks(this.webhooks, () => this.settings);
  readonly calls: Calls;
  readonly queues = new Queues();
  readonly recordings = new Recordings(this.callbacks);
  readonly listeners = new Listeners();
  readonly dialer: Dialer;
  readonly prompts: PromptAudio;
  private readonly flows = new Map<Call, CallFlow>();

  /** @param espeak program and first arguments of espeak-ng; without it prompts are tones */
  constructor(
    readonly world: World,
    espeak: readonly string[] | undefined,
  ) {
    this.calls = new Calls(() => this.settings, world.prices);
    this.dialer = new Dialer(this, this.calls);
    this.prompts = new PromptAudio(espeak, () => this.settings.msPerLetter);
  }

  mayShow(account: Account, e164: string): boolean {
    return account.numbers.having('phone_number', e164) !== undefined || account.callerIds.having('phone_number', e164) !== undefined || this.settings.verifiedCallerIds.includes(e164);
  }

  /** Executes TwiML on a call until it is over. */
  run(call: Call, first: Instruction): void {
    const flow = new CallFlow(this, call, false);
    this.flows.set(call, flow);
    void flow.run(first).finally(() => this.flows.delete(call));
  }

  aside(call: Call): Flow {
    return new CallFlow(this, call, true);
  }

  redirect(call: Call, to: Instruction): void {
    const flow = this.flows.get(call);
    if (flow !== undefined) return flow.redirect(to);
    call.takeOver();
    this.run(call, to);
  }

  ask(call: Call, { url, method, why, parameters }: Fetched): Promise<HttpAnswer> {
    return this.webhooks.ask({ account: call.facts.account, callSid: call.sid, why, url, method, parameters: { ...call.parameters, ...parameters } });
  }

  async tell(call: Call, what: Fetched): Promise<void> {
    await this.ask(call, what).catch(() => undefined);
  }

  /** Ends all calls and everything that would come of them. */
  async close(): Promise<void> {
    this.callbacks.close();
    this.calls.close();
    await this.webhooks.settled();
    this.callbacks.close();
  }
}
