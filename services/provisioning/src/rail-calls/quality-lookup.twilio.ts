import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { codeOf, isMissing } from '../twilio/account/twilio-account.errors.js';
import type { LookedFor } from './call-lookup.js';
import { QualityLookup, type LookedUpQuality } from './quality-lookup.js';
import { RailAccounts } from './rail-accounts.js';

const number = z.number().nonnegative().nullish();
const streamSchema = z.looseObject({ packets_received: number, packets_sent: number, packets_lost: number, jitter: z.looseObject({ avg: number, max: number }).nullish() });
const edgeSchema = z.looseObject({ metrics: z.looseObject({ inbound: streamSchema.nullish(), outbound: streamSchema.nullish() }).nullish() });
type Stream = z.output<typeof streamSchema>;

/** Twilio's error catalogue: of a call that isn't summed up yet; of one from before Voice Insights, or without them; of one that is older than they keep. */
const NOT_COMPLETE = 17_001;
const NOT_ENABLED: ReadonlySet<number> = new Set([17_000, 17_007]);
const TOO_OLD = 17_002;

/**
 * Voice Insights' call summary, some 30 minutes after the end: what Twilio's media gateway measured of RTP. A leg by SIP or the telephone network has jitter and
 * loss there, and no MOS: that is the Voice SDK's alone. https://www.twilio.com/docs/voice/voice-insights/api/call/details-call-summary
 */
@Injectable()
export class TwilioQualityLookup extends QualityLookup {
  constructor(private readonly accounts: RailAccounts) {
    super();
  }

  async knows({ environment, tenant }: LookedFor): Promise<boolean> {
    return (await this.accounts.clientOf(environment, tenant)) !== undefined;
  }

  async of(looked: LookedFor): Promise<LookedUpQuality> {
    const client = await this.accounts.reach(looked);
    try {
      const { sipEdge, carrierEdge, clientEdge, tags } = await client.insights.v1.calls(looked.callSid).summary().fetch({ processingState: 'complete' });
      const edges: readonly unknown[] = [carrierEdge, sipEdge, clientEdge];
      return measured(edges.map((edge) => edgeSchema.safeParse(edge).data).filter((edge) => edge !== undefined), tags ?? []);
    } catch (error) {
      const code = codeOf(error) ?? 0;
      if (code === NOT_COMPLETE) return { state: 'pending' };
      if (NOT_ENABLED.has(code)) return { state: 'not-enabled' };
      if (code === TOO_OLD || isMissing(error)) return { state: 'nothing' };
      throw error;
    }
  }
}

function measured(edges: readonly z.output<typeof edgeSchema>[], tags: readonly string[]): LookedUpQuality {
  const metrics = edges.find((edge) => edge.metrics)?.metrics;
  const [received, sent] = [streamOf(metrics?.inbound, 'packets_received'), streamOf(metrics?.outbound, 'packets_sent')];
  if (!received && !sent) return { state: 'nothing' };
  return { state: 'measured', tags: tags.slice(0, 20).map((tag) => tag.slice(0, 40)), ...(received && { received }), ...(sent && { sent }) };
}

/** What is sent has figures only where the other side reports on it. */
function streamOf(stream: Stream | null | undefined, counted: 'packets_received' | 'packets_sent'): { packets: number; lost: number; jitterMs: number; maxJitterMs?: number } | undefined {
  const { packets_lost: lost, jitter } = stream ?? {};
  const count = stream?.[counted] ?? 0;
  if (count === 0 || (lost == null && jitter == null)) return undefined;
  const whole = Math.round(lost ?? 0);
  const came = Math.max(0, Math.round(count) - (counted === 'packets_sent' ? whole : 0));
  return { packets: came, lost: whole, jitterMs: jitter?.avg ?? 0, ...(jitter?.max != null && { maxJitterMs: jitter.max }) };
}
