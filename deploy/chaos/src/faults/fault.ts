import type { EvidenceRoom } from '../evidence/gather.js';
import type { Bounds, FaultTimes, Finding } from '../judge/evidence.js';
import type { Plant, SourceChange } from '../plants/plant.js';
import type { Troncal } from '../troncal/troncal.js';
import type { Workload } from '../workload/workload.js';

export type FaultCode = 'F1' | 'F2' | 'F4' | 'F5' | 'F6' | 'F7' | 'F10' | 'F14' | 'F17';

/** What a fault is played on: a running Troncal with live calls. */
export interface Stage {
  readonly troncal: Troncal;
  readonly workload: Workload;
  readonly room: EvidenceRoom;
  /** Tells whoever watches. */
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface Played {
  readonly times: FaultTimes;
  /** What this fault alone asks, beside what the judge asks of every run. */
  readonly findings: readonly Finding[];
  /** Figures without a bound, for the report. */
  readonly notes: readonly string[];
}

/** One row of the fault list. */
export interface Fault {
  readonly code: FaultCode;
  /** What happens, in one sentence. */
  readonly what: string;
  readonly bounds: Bounds;
  /** New callers at most while it lasts. */
  readonly arrivals: number;
  /** They hang up after so long, ms; absent: they stay to the end. */
  readonly arrivalStaysMs?: number;
  /** Changes of the code that make the fault; in the run that counts as well. */
  readonly shims?: readonly SourceChange[];
  readonly plant: Plant;
  play(stage: Stage): Promise<Played>;
}
