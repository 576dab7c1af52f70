import { step, type Step } from '../step.js';
import { belongsTo, shortName, watchesSame, type DesiredTriggers, type ObservedTrigger, type UsageTrigger } from './usage-trigger.js';

const keyOf = ({ name }: UsageTrigger): string => `trigger:${shortName(name)}`;

/**
 * The difference between the triggers that an owner wants and those that bear its name. One that watches something else is replaced: the new one first, so that nothing is unwatched meanwhile.
 * One that a lost answer made twice goes. Pure.
 */
export function planTriggers({ owner, all }: DesiredTriggers, there: readonly ObservedTrigger[]): Step[] {
  const ours = there.filter((each) => belongsTo(owner, each));
  const kept = new Map(all.map((trigger) => [trigger.name, ours.find((each) => watchesSame(each, trigger))]));
  const steps = all.flatMap((trigger): Step[] => {
    const known = kept.get(trigger.name);
    if (known === undefined) return [step(keyOf(trigger), { do: 'create-trigger', trigger })];
    return known.callbackUrl === trigger.callbackUrl && known.callbackMethod === 'POST' ? [] : [step(keyOf(trigger), { do: 'change-trigger', sid: known.sid, trigger })];
  });
  const made = new Set(steps.map(({ key }) => key));
  const gone = ours.filter((each) => kept.get(each.name)?.sid !== each.sid);
  return [...steps, ...gone.map((trigger) => step(`${keyOf(trigger)}/${trigger.sid}`, { do: 'remove-trigger', sid: trigger.sid, trigger }, made.has(keyOf(trigger)) ? [keyOf(trigger)] : []))];
}
