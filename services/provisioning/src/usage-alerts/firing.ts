import { usageFiringSchema, type UsageFiring } from '@troncal/contracts';
import { ownerName, type Environment } from '../environments/environment.js';
import { belongsTo, shortName, type ObservedTrigger } from '../twilio/account/usage-triggers/usage-trigger.js';
import { parameter, type Webhook } from '../voice/webhooks/webhook.js';

/** One firing of a trigger of ours, however it came to be known. Twilio fires one at most once a day, month or year, in UTC. */
export interface Firing {
  readonly sid: string;
  /** Under which Twilio tells it, however often it does; undefined when it was read. */
  readonly token: string | undefined;
  readonly fired: UsageFiring;
}

const MAX_TOKEN = 200;
const LENGTH = { daily: 10, monthly: 7, yearly: 4, alltime: 0 } as const;

/** The day, month or year of a firing: `2026-11-30`, `2026-11`, `2026`; empty for all time. */
export const periodOf = ({ firedAt, recurring }: UsageFiring): string => firedAt.slice(0, LENGTH[recurring]);

/**
 * What Twilio says when a trigger has fired (https://www.twilio.com/docs/usage/api/usage-trigger, "Webhook"). Which of ours it is stands in the URL, which we made; undefined for what makes no sense.
 * @param now when it isn't told
 */
export function toldFiring(webhook: Webhook, now: Date): Firing | undefined {
  const at = Date.parse(parameter(webhook, 'DateFired') ?? '');
  const environment = webhook.query.get('environment') ?? '';
  const sid = parameter(webhook, 'UsageTriggerSid');
  const fired = usageFiringSchema.safeParse({
    environment,
    trigger: webhook.query.get('trigger') ?? '',
    category: parameter(webhook, 'UsageCategory'),
    by: parameter(webhook, 'TriggerBy'),
    limit: Number(parameter(webhook, 'TriggerValue')),
    value: Number(parameter(webhook, 'CurrentValue')),
    recurring: parameter(webhook, 'Recurring') ?? 'alltime',
    firedAt: (Number.isNaN(at) ? now : new Date(at)).toISOString(),
  });
  return fired.success && sid !== undefined && webhook.signers.some((signer) => signer.environment === environment && signer.tenant === null) ? { sid, token: parameter(webhook, 'IdempotencyToken')?.slice(0, MAX_TOKEN), fired: fired.data } : undefined;
}

/** What a read shows of firings: those whose call didn't reach us are among them. */
export function shownFirings({ name: environment, domain }: Pick<Environment, 'name' | 'domain'>, triggers: readonly ObservedTrigger[]): Firing[] {
  const owner = ownerName(domain);
  return triggers.filter((each) => belongsTo(owner, each)).flatMap(({ sid, name, category, by, value: limit, recurring, current, firedAt }): Firing[] => {
    const fired = usageFiringSchema.safeParse({ environment, trigger: shortName(name), category, by, limit, value: current, recurring, firedAt: firedAt?.toISOString() });
    return fired.success ? [{ sid, token: undefined, fired: fired.data }] : [];
  });
}
