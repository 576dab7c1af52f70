import { begunAndEndedOnce, noCallDropped } from './call-rules.js';
import { converged, nothingLeft, recordingsReady } from './end-rules.js';
import type { Evidence, Finding } from './evidence.js';
import { commandsKept } from './history-rules.js';
import { noDeadLetters, noIdTwice, sequencesWhole, timelineEqualsBus } from './log-rules.js';
import { arrivalsServed, noAudioGap } from './phone-rules.js';

/** Decides from the evidence alone whether everything that was promised was kept. Pure: the same evidence gives the same findings. */
export function judge(evidence: Evidence): Finding[] {
  return [
    noCallDropped(evidence),
    ...noAudioGap(evidence),
    ...arrivalsServed(evidence),
    begunAndEndedOnce(evidence),
    noIdTwice(evidence),
    sequencesWhole(evidence),
    timelineEqualsBus(evidence),
    recordingsReady(evidence),
    nothingLeft(evidence),
    ...noDeadLetters(evidence),
    commandsKept(evidence),
    converged(evidence),
  ];
}
