import { TurnCompletedV1, type CallWithTimeline } from '@troncal/contracts';

/** What somebody said in a conversation with an AI agent. */
export interface Turn {
  readonly time: string;
  readonly role: 'caller' | 'agent';
  /** What was said; for an interrupted agent, what the caller heard of it. */
  readonly text: string;
  readonly interrupted: boolean;
}

/** The transcript of a call from its timeline: TurnCompleted carries what was said, so no other service need be asked. */
export function transcriptOf(call: Pick<CallWithTimeline, 'timeline'>): Turn[] {
  return call.timeline.flatMap((entry) => {
    if (entry.type !== TurnCompletedV1.type) return [];
    const data = TurnCompletedV1.schema.safeParse(entry.data).data as { role: 'caller' | 'agent'; text: string; heard?: string; interrupted: boolean } | undefined;
    if (data === undefined) return [];
    return [{ time: entry.time, role: data.role, text: data.heard ?? data.text, interrupted: data.interrupted }];
  });
}
