import type { CallQualityMeasuredV1, ComplaintKind, DataOf } from '@troncal/contracts';

/** Sums over legs of calls. */
export interface QualityCounts {
  readonly legs: number;
  /** Of those, legs of a MOS below {@link POOR_MOS}. */
  readonly poor: number;
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly mos: number;
}

type Measured = DataOf<typeof CallQualityMeasuredV1>;

/** Those that were measured at one end. */
export interface MeasuredCounts extends QualityCounts {
  readonly measuredBy: Measured['measuredBy'];
}

/** What people complained of. */
export interface ComplaintCounts {
  readonly kind: ComplaintKind;
  readonly complaints: number;
}

/** R = 70: below it “many users are dissatisfied” (ITU-T G.109). */
export const POOR_MOS = 3.6;

/** What a leg adds to the figures. Its jitter is that of the worse direction. */
export function countLeg({ measuredBy, received, sent, mos }: Measured): MeasuredCounts {
  const streams = [received, sent].filter((stream) => stream !== undefined);
  const sum = (of: 'packets' | 'lost'): number => streams.reduce((total, stream) => total + stream[of], 0);
  return { measuredBy, legs: 1, poor: mos < POOR_MOS ? 1 : 0, packets: sum('packets') + sum('lost'), lost: sum('lost'), jitterMs: Math.max(0, ...streams.map(({ jitterMs }) => jitterMs)), mos };
}
