import type { Language } from '@troncal/contracts';
import { maskNumber } from '@troncal/kernel';
import { dateAndTime, duration, timeOfDay } from '../output/durations.js';
import type { Style } from '../output/style.js';
import { tell } from '../sentences/tell.js';
import { words } from '../sentences/words.js';
import { withoutId } from '../timeline/describe-call.js';
import { delaysOf, isSlow, type Delay } from './delays.js';
import { findingsOf, outcomeOf } from './findings.js';
import { ofType, textIn, traceIdOf, type Story } from './story.js';
import { causeText, delayName, findingText, HEADINGS } from './wording.js';

/** A story as programs read it. Codes are stable; texts are in the language asked for. */
export function explained(story: Story, language: Language, now: number): Readonly<Record<string, unknown>> {
  const began = Date.parse(story.events[0]?.time ?? '');
  return {
    callId: story.callId,
    traceId: traceIdOf(story.callId),
    call: story.call ?? null,
    events: story.events.map((event) => ({ time: event.time, sinceMs: Date.parse(event.time) - began, type: event.type, source: event.source, eventId: event.id, text: withoutId(tell(event, language)), data: event.data })),
    delays: delaysOf(story).map((delay) => ({ ...delay, slow: isSlow(delay) })),
    outcome: outcomeOf(story) ?? refusalOf(story) ?? null,
    findings: findingsOf(story, now).map((finding) => ({ ...finding, text: findingText(finding, language) })),
  };
}

/** A story as people read it. */
export function describeStory(story: Story, language: Language, style: Style, now: number): string {
  const names = HEADINGS[language];
  const section = (title: string, lines: readonly string[]): string => (lines.length === 0 ? '' : `\n${style.strong(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  const findings = findingsOf(story, now).map((finding) => style.warn(findingText(finding, language)));
  return [
    headline(story, language, style),
    section(names.story, timeline(story, language, style)),
    section(names.delays, delaysOf(story).map((delay) => delayLine(delay, language, style))),
    section(names.ending, endingLines(story, language)),
    section(names.noted, findings.length > 0 ? findings : [style.good(names.nothing)]),
  ].join('');
}

function headline(story: Story, language: Language, style: Style): string {
  const [first] = story.events;
  const data = (ofType(story, 'CallStarted')[0] ?? ofType(story, 'CallRefused')[0])?.data ?? {};
  const from = maskNumber(textIn(data, 'from') ?? story.call?.from ?? '') || '?';
  const to = maskNumber(textIn(data, 'to') ?? story.call?.to ?? '') || '?';
  const when = first ? ` · ${dateAndTime(first.time)}` : '';
  return `${style.strong(story.callId)}  ${first?.tenantid ?? story.call?.tenant ?? ''}  ${from} → ${to}${when}\n${style.dim(`${HEADINGS[language].trace} ${traceIdOf(story.callId)}`)}\n`;
}

/** Local time, seconds since the first event, and since the one before where that is long. */
function timeline(story: Story, language: Language, style: Style): string[] {
  const began = Date.parse(story.events[0]?.time ?? '');
  return story.events.map((event) => `${style.dim(`${timeOfDay(event.time)} ${`+${((Date.parse(event.time) - began) / 1_000).toFixed(3)}`.padStart(9)}`)}  ${withoutId(tell(event, language))}`);
}

function delayLine(delay: Delay, language: Language, style: Style): string {
  const names = HEADINGS[language];
  const ms = delay.ms < 10 ? `${Math.round(delay.ms * 100) / 100} ms` : duration(delay.ms);
  const budget = delay.budgetMs === undefined ? '' : style.dim(` (${names.budget} ${duration(delay.budgetMs)})`);
  return `${ms.padStart(9)}  ${delayName(delay, language)}${budget}${isSlow(delay) ? ` ${style.bad(names.slow)}` : ''}`;
}

function endingLines(story: Story, language: Language): string[] {
  const refused = ofType(story, 'CallRefused').map(({ data }) => `${textIn(data, 'detail') ?? ''}`);
  const outcome = outcomeOf(story);
  if (!outcome) return refused;
  const said = words[language] as Readonly<Record<string, string>>;
  const by = said[outcome.endedBy] ?? outcome.endedBy;
  const how = said[outcome.disposition] ?? outcome.disposition;
  return [
    language === 'es'
      ? `${how}; la terminó ${by} tras ${duration(outcome.durationMs)}; causa: ${causeText(outcome.cause, language)}`
      : `${how}; ended by ${by} after ${duration(outcome.durationMs)}; cause: ${causeText(outcome.cause, language)}`,
  ];
}

function refusalOf(story: Story): Readonly<Record<string, unknown>> | undefined {
  const data = ofType(story, 'CallRefused')[0]?.data;
  return data && { disposition: 'refused', reason: data['reason'], cause: data['cause'], detail: data['detail'] };
}
