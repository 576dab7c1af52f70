import type { Twilio } from 'twilio';
import { largest, type TwilioRequests } from '../twilio-requests.js';
import { watchesSame, type ObservedTrigger, type UsageTrigger } from './usage-trigger.js';
import { UsageTriggers } from './usage-triggers.js';

/** Over Twilio's own SDK. */
export class SdkUsageTriggers extends UsageTriggers {
  constructor(
    private readonly twilio: Twilio,
    private readonly requests: TwilioRequests,
  ) {
    super();
  }

  async read(): Promise<ObservedTrigger[]> {
    return this.requests.ask('a read of the usage triggers', async () => (await this.twilio.usage.triggers.list(largest())).map(observed));
  }

  async create(trigger: UsageTrigger): Promise<void> {
    const { name, category, by, value, recurring, callbackUrl } = trigger;
    await this.requests.sidOf('UT', {
      what: `usage trigger ${name}`,
      make: () => this.twilio.usage.triggers.create({ friendlyName: name, usageCategory: category, triggerBy: by, triggerValue: String(value), recurring, callbackUrl, callbackMethod: 'POST' }),
      look: async () => (await this.read()).find((each) => watchesSame(each, trigger)),
    });
  }

  async change(sid: string, { name, callbackUrl }: Pick<UsageTrigger, 'name' | 'callbackUrl'>): Promise<void> {
    await this.requests.change(`a change of usage trigger ${name}`, () => this.twilio.usage.triggers(sid).update({ callbackUrl, callbackMethod: 'POST' }));
  }

  async remove(sid: string): Promise<void> {
    await this.requests.remove(`usage trigger ${sid}`, () => this.twilio.usage.triggers(sid).remove());
  }
}

/** Twilio says nothing of how often, or an empty text, for one that counts for ever. */
function observed({ sid, friendlyName, usageCategory, triggerBy, triggerValue, recurring, callbackUrl, callbackMethod, currentValue, dateFired }: Awaited<ReturnType<Twilio['usage']['triggers']['list']>>[number]): ObservedTrigger {
  return { sid, name: (friendlyName as string | null) ?? '', category: usageCategory, by: triggerBy, value: Number(triggerValue), recurring: recurring || 'alltime', callbackUrl, callbackMethod, current: Number(currentValue), firedAt: (dateFired as Date | null) ?? null };
}
