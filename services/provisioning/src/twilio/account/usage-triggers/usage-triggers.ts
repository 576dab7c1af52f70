import type { ObservedTrigger, TriggerAction, UsageTrigger } from './usage-trigger.js';

/** The usage triggers of one account. Each change may be asked for again; errors as of TwilioAccount. */
export abstract class UsageTriggers {
  /** In one request. */
  abstract read(): Promise<ObservedTrigger[]>;
  /** Twilio makes triggers of one name as often as it is asked to: one that watches the same by this name counts as made. */
  abstract create(trigger: UsageTrigger): Promise<void>;
  /** Where it calls when it fires. */
  abstract change(sid: string, trigger: Pick<UsageTrigger, 'name' | 'callbackUrl'>): Promise<void>;
  abstract remove(sid: string): Promise<void>;

  perform(action: TriggerAction): Promise<void> {
    switch (action.do) {
      case 'create-trigger':
        return this.create(action.trigger);
      case 'change-trigger':
        return this.change(action.sid, action.trigger);
      case 'remove-trigger':
        return this.remove(action.sid);
    }
  }
}
