import type { EnvironmentAvailability, KpiFigures, KpiTarget, Language } from '@troncal/contracts';
import type { EnvironmentCounts } from '../availability/availability.repository.js';
import type { QualitySource } from '../call-quality/call-quality.repository.js';
import { POOR_MOS, type MeasuredCounts } from '../call-quality/quality-counts.js';
import { tookMs, type RegistrationWait } from '../registrations/registration-wait.js';
import { percent, type EndpointSighting } from './kpi.js';
import type { Measures } from './measures.js';
import { shortTime, TARGET_WORDS, type Answers, type TargetWords } from './target-words.js';

const CONNECTION = 0.95;
/** Fewer calls, or legs, say nothing about a share. */
const FEW = 10;
const SETUP_MS = 15 * 60_000;
const REGISTRATION_MS = 30_000;
const AVAILABILITY = 0.999;
/** Fewer can't show a share of 99.9 %. */
const MANY = 1_000;
const GOOD_AUDIO = 0.95;

/** What the figures of a tenant have to be judged by. */
export interface Seen {
  readonly figures: KpiFigures;
  readonly measures: Measures;
  readonly setupMs: number | undefined;
  readonly endpoints: readonly EndpointSighting[];
  readonly waits: readonly RegistrationWait[];
  readonly environments: readonly EnvironmentCounts[];
  readonly sources: readonly QualitySource[];
  readonly now: Date;
}

/** What has to be (document 0's measures of success), and what is: each with what it is reckoned from, and from how much. Pure. */
export function targetsOf(seen: Seen, language: Language): KpiTarget[] {
  const words = TARGET_WORDS[language];
  return [connection(seen, words), setup(seen, words), registration(seen, words), registrationTime(seen, words), availability(seen, words), audio(seen, words), complaints(seen, words)];
}

type Judge = (seen: Seen, words: TargetWords) => KpiTarget;

const unmeasured = (kpi: KpiTarget['kpi'], target: string, detail: string): KpiTarget => ({ kpi, target, value: null, met: null, basis: 'not_measured', observations: 0, detail });

const connection: Judge = ({ figures }, words) => {
  const { calls, connection: share } = figures;
  const target = `> ${percent(CONNECTION)}`;
  if (share === null) return unmeasured('connection', target, words.noCalls);
  return { kpi: 'connection', target, value: percent(share), met: calls < FEW ? null : share > CONNECTION, basis: 'measured', observations: calls, detail: words.connection(figures, calls < FEW ? FEW : undefined) };
};

const setup: Judge = ({ setupMs }, words) => {
  const target = `< ${shortTime(SETUP_MS)}`;
  if (setupMs === undefined) return unmeasured('setup', target, words.noSetup);
  return { kpi: 'setup', target, value: shortTime(setupMs), met: setupMs < SETUP_MS, basis: 'measured', observations: 1, detail: words.setup };
};

const registration: Judge = ({ endpoints, now }, words) => {
  if (endpoints.length === 0) return unmeasured('registration', words.noneInVain, words.noPhones);
  const lost = endpoints.filter(({ seenAt, unreachableAt }) => unreachableAt !== undefined && (seenAt === undefined || unreachableAt > seenAt)).map(({ extension }) => extension);
  const oldest = endpoints.flatMap(({ seenAt }) => (seenAt ? [seenAt.getTime()] : [])).toSorted((one, two) => one - two)[0];
  const detail = words.registration(lost.join(', ').slice(0, 200), oldest === undefined ? undefined : shortTime(Math.max(0, now.getTime() - oldest)));
  return { kpi: 'registration', target: words.noneInVain, value: words.ofPhones(lost.length, endpoints.length), met: lost.length === 0, basis: 'inferred', observations: endpoints.length, detail };
};

/**
 * Proved late is only a phone that fetched its settings by itself and whose REGISTER an edge of ours saw. What a person did in between, and Twilio's silence about
 * REGISTER, make the rest upper bounds: they prove that it was in time, and never that it was not.
 */
const registrationTime: Judge = ({ waits }, words) => {
  const target = `< ${shortTime(REGISTRATION_MS)}`;
  const took = waits.flatMap((wait) => {
    const ms = tookMs(wait);
    return ms === undefined ? [] : [{ ms, isExact: wait.takenBy === 'device' && wait.seenBy === 'register' }];
  });
  if (took.length === 0) return unmeasured('registration_time', target, words.noRegistrations(waits.length));
  const exact = took.filter(({ isExact }) => isExact);
  const judged = exact.length > 0 ? exact : took;
  const slowest = Math.max(...judged.map(({ ms }) => ms));
  const inTime = slowest < REGISTRATION_MS;
  const detail = words.registrationTime({ exact: exact.length, bounds: took.length - exact.length, unseen: waits.length - took.length });
  return {
    kpi: 'registration_time', target, value: `${exact.length > 0 ? '' : '≤ '}${shortTime(slowest)}`, met: inTime ? true : exact.length > 0 ? false : null,
    basis: exact.length > 0 ? 'measured' : 'inferred', observations: took.length, detail,
  };
};

/** Above 99.9 % or not: too few answers tell it of no share, and one failure among few is none yet. */
function availabilityTarget(answers: Answers, words: TargetWords): KpiTarget {
  const target = `> ${percent(AVAILABILITY)}`;
  const [asked, failed] = [answers.questions + answers.probes, answers.questionsFailed + answers.probesFailed];
  if (asked === 0) return unmeasured('availability', target, words.noQuestions);
  const share = (asked - failed) / asked;
  const isAbove = share > AVAILABILITY;
  const met = (isAbove ? asked >= MANY : failed >= 2) ? isAbove : null;
  return { kpi: 'availability', target, value: percent(share, 2), met, basis: 'measured', observations: asked, detail: words.availability(answers, met === null ? MANY : undefined) };
}

const availability: Judge = ({ environments }, words) => {
  const sum = (of: (each: EnvironmentCounts) => number): number => environments.reduce((total, each) => total + of(each), 0);
  return availabilityTarget({
    questions: sum((each) => each.answered + each.failed), questionsFailed: sum((each) => each.failed),
    probes: sum((each) => each.probesAnswered + each.probesFailed), probesFailed: sum((each) => each.probesFailed),
  }, words);
};

const audio: Judge = ({ figures, measures, sources }, words) => {
  const { measuredLegs: legs, poorLegs, averageMos } = figures;
  const target = words.goodAudio(percent(GOOD_AUDIO), POOR_MOS);
  const off = sources.some(({ state }) => state === 'not_enabled');
  if (legs === 0 || averageMos === null) return unmeasured('audio', target, words.noAudio(off));
  const share = (legs - poorLegs) / legs;
  const by = (who: MeasuredCounts['measuredBy']): number => measures.quality.reduce((total, { of }) => total + (of.measuredBy === who ? of.legs : 0), 0);
  const detail = words.audio({ figures, asterisk: by('asterisk_rtp'), twilio: by('twilio_voice_insights'), off }, legs < FEW ? FEW : undefined);
  // Packets, jitter and round trip are measured; what people made of it is estimated from them.
  return { kpi: 'audio', target, value: `${percent(share)}, MOS ${averageMos.toFixed(1)}`, met: legs < FEW ? null : share > GOOD_AUDIO, basis: 'inferred', observations: legs, detail };
};

const complaints: Judge = ({ figures, measures }, words) => {
  const talked = Math.max(figures.answered, figures.measuredLegs, figures.complaints);
  if (talked === 0) return unmeasured('complaints', words.none, words.noCalls);
  const kinds = Map.groupBy(measures.complaints, ({ of }) => of.kind);
  const detail = words.complaints([...kinds].map(([kind, each]) => `${each.reduce((sum, { of }) => sum + of.complaints, 0)} × ${words.complaint(kind)}`).join(', ').slice(0, 300));
  return { kpi: 'complaints', target: words.none, value: String(figures.complaints), met: figures.complaints === 0, basis: 'measured', observations: talked, detail };
};

/** Of an environment as a whole: all questions in its calls, and the probes. */
export function environmentTarget(of: EnvironmentAvailability): KpiTarget {
  const target = availabilityTarget(of, TARGET_WORDS.en);
  return { ...target, detail: `the environment ${of.environment}: ${target.detail}` };
}
