import type { Call, Said } from './calls/call.js';
import type { ScriptProgress } from './lines/caller-script.js';
import { callFromPstn, type PstnCall, type PstnCallWish } from './calls/pstn-network.js';
import { voiceSettingsSchema, type VoiceSettings } from './voice-settings.js';
import type { VoicePlane } from './voice-plane.js';
import type { ControlRoutes } from '@troncal/simulator-program';
import { z } from 'zod';
import type { VoiceAlert } from './alerts.js';
import type { LoggedWebhook } from './webhooks/webhook-client.js';

const hangUpSchema = z.strictObject({ sid: z.string() });

/** A call as tests and people see it. */
export interface CallView {
  readonly sid: string;
  readonly parentSid: string | null;
  readonly direction: string;
  readonly from: string;
  readonly to: string;
  readonly status: string;
  readonly trouble: string | null;
  readonly said: readonly Said[];
  /** Keys that came from the far end. */
  readonly digits: string;
  /** How far the script of a caller from the telephone network is. */
  readonly script: ScriptProgress | null;
}

/** What may be said to voice: the settings that are given change, the others stay. */
export type VoiceSettingsWish = Partial<z.input<typeof voiceSettingsSchema>>;

/** Voice as it is told what to do and asked what it did, in process and under /control. */
export class VoiceControl {
  private readonly scripted = new Map<string, PstnCall>();

  constructor(readonly plane: VoicePlane) {}

  /** @throws ZodError that names every fault; nothing is set then */
  set(wish: VoiceSettingsWish): void {
    const given = Object.keys(wish);
    const parsed = voiceSettingsSchema.parse(wish);
    const changed = Object.entries(parsed).filter(([name]) => given.includes(name));
    this.plane.settings = { ...this.plane.settings, ...(Object.fromEntries(changed) as Partial<VoiceSettings>) };
  }

  /** Somebody calls from the telephone network. @throws NumberNotInService, ZodError */
  call(wish: PstnCallWish): PstnCall {
    const made = callFromPstn(this.plane, wish);
    this.scripted.set(made.call.sid, made);
    return made;
  }

  view(call: Call): CallView {
    const { sid, facts, status, trouble, said, digits } = call;
    const { direction, from, to, parent } = facts;
    const script = this.scripted.get(sid)?.script.progress ?? null;
    return { sid, parentSid: parent?.sid ?? null, direction, from, to, status, trouble: trouble ?? null, said, digits: digits.join(''), script };
  }

  /** All calls, oldest first. */
  calls(): CallView[] {
    return this.plane.calls.all().map((call) => this.view(call));
  }

  /** What was asked of customers' servers, oldest first. */
  webhooks(): readonly LoggedWebhook[] {
    return this.plane.webhooks.log;
  }

  alerts(): readonly VoiceAlert[] {
    return this.plane.alerts.all;
  }

  /** The person at the far end of a scripted call hangs up. */
  hangUp(sid: string): void {
    const made = this.scripted.get(sid);
    if (made === undefined) throw new Error(`${sid} is no call from the telephone network`);
    made.line.far.end({ reason: 'hung-up' });
  }

  /** What is asked of it under /control. */
  get routes(): ControlRoutes {
    return {
      'POST /control/calls': (body) => this.view(this.call(JSON.parse(body) as PstnCallWish).call),
      'GET /control/calls': () => ({ calls: this.calls() }),
      'POST /control/calls/hang-up': (body) => this.hangUp(hangUpSchema.parse(JSON.parse(body)).sid),
      'GET /control/webhooks': () => ({ webhooks: this.webhooks() }),
      'GET /control/alerts': () => ({ alerts: this.alerts() }),
    };
  }

  /** Forgets what was asked and what was wrong; calls stay. */
  forget(): void {
    this.plane.webhooks.log.length = 0;
    this.plane.alerts.all.length = 0;
  }
}
