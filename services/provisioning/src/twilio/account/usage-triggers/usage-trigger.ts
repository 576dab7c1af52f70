/** A watch of Twilio's on what an account uses. What it watches can't be changed at Twilio: another watch is another trigger. */
export interface UsageTrigger {
  /** `Troncal communities/daily`: whose it is, and what its owner calls it. */
  readonly name: string;
  /** Twilio's usage category, e.g. `totalprice`, `calls-outbound`. */
  readonly category: string;
  readonly by: 'count' | 'usage' | 'price';
  /** It fires when this is reached: calls, minutes, or the account's currency. */
  readonly value: number;
  /** Counted anew each day, month or year (UTC). */
  readonly recurring: 'daily' | 'monthly' | 'yearly' | 'alltime';
  readonly callbackUrl: string;
}

/** The triggers that an account has to have of one owner; whatever else bears the owner's name has to go. */
export interface DesiredTriggers {
  /** What the names begin with, before the slash. */
  readonly owner: string;
  readonly all: readonly UsageTrigger[];
}

export interface ObservedTrigger extends UsageTrigger {
  readonly sid: string;
  readonly callbackMethod: string;
  /** What was used when it was read. */
  readonly current: number;
  /** When it last fired; null: never. */
  readonly firedAt: Date | null;
}

export type TriggerAction =
  | { readonly do: 'create-trigger'; readonly trigger: UsageTrigger }
  | { readonly do: 'change-trigger'; readonly sid: string; readonly trigger: UsageTrigger }
  | { readonly do: 'remove-trigger'; readonly sid: string; readonly trigger: UsageTrigger };

export const belongsTo = (owner: string, { name }: Pick<UsageTrigger, 'name'>): boolean => name.startsWith(`${owner}/`);

/** Whether two triggers are of one name and watch the same. */
export const watchesSame = (one: UsageTrigger, other: UsageTrigger): boolean =>
  one.name === other.name && one.category === other.category && one.by === other.by && one.value === other.value && one.recurring === other.recurring;

/** A trigger in words: `daily (price of totalprice reaches 50, daily)`. */
export const describeTrigger = ({ name, category, by, value, recurring }: UsageTrigger): string =>
  `${shortName(name)} (${by} of ${category} reaches ${value}${recurring === 'alltime' ? '' : `, ${recurring}`})`;

export const shortName = (name: string): string => name.slice(name.indexOf('/') + 1);
