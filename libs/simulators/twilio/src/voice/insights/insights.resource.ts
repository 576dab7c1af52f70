import { z } from 'zod';
import { flag, readForm } from '../../wire/form.js';
import { iso8601 } from '../../wire/page.js';
import { ok, type Asked, type Route } from '../../wire/router.js';
import { notFound, TwilioError } from '../../wire/twilio-error.js';
import type { Account } from '../../accounts/account.js';
import type { Call } from '../calls/call.js';
import type { VoicePlane } from '../voice-plane.js';
import { pathOf } from './insights-wish.js';

const VOICE = 'insights.twilio.com/v1/Voice';
const SUMMARY = `${VOICE}/{CallSid}/Summary`;
const SETTINGS = `${VOICE}/Settings`;
const changedSettings = z.strictObject({ AdvancedFeatures: flag().optional(), VoiceTrace: flag().optional(), SubaccountSid: z.string().optional() });

/** Packets of 20 ms. */
const PACKETS_A_SECOND = 50;
const PCMU = 0;

/**
 * Voice Insights: whether an account has them, and what they tell of a call. Codes and their meaning: Twilio's error catalogue; an inference are the HTTP statuses
 * they come with, and that a settled summary is what is given when nobody says which.
 */
export const insightsRoutes = (plane: VoicePlane): readonly Route[] => [
  { method: 'GET', template: SETTINGS, handle: ({ account }) => ok(settings(account)) },
  {
    method: 'POST',
    template: SETTINGS,
    handle: ({ account, form }) => {
      const { AdvancedFeatures } = readForm(changedSettings, form, 20_001);
      if (AdvancedFeatures !== undefined) account.haveInsights(AdvancedFeatures);
      return ok(settings(account));
    },
  },
  { method: 'GET', template: SUMMARY, handle: (asked) => ok(summary(plane, asked)) },
];

const settings = ({ sid, insightsSince }: Account): object => ({ account_sid: sid, advanced_features: insightsSince !== undefined, voice_trace: false, url: `https://${SETTINGS}` });

/** @throws TwilioError 403 (17000), 404 (17001, 17007, 20404) */
function summary(plane: VoicePlane, { account, params, path, query }: Asked): object {
  const { insightsSince } = account;
  if (insightsSince === undefined) throw new TwilioError(403, 17_000, 'Forbidden to access data');
  const call = plane.calls.get(params['CallSid'] ?? '');
  if (call?.facts.account !== account) throw notFound(path);
  if (call.endedAt !== undefined && call.endedAt < insightsSince) throw new TwilioError(404, 17_007, 'Voice Insights Advanced Features not enabled');
  const isComplete = call.endedAt !== undefined && Date.now() - call.endedAt.getTime() >= plane.settings.insights.summedUpAfterMs;
  if (!isComplete && query.get('ProcessingState') !== 'partial') throw new TwilioError(404, 17_001, 'Completed summary for this call wasn’t found');
  return view(plane, call, isComplete);
}

function view(plane: VoicePlane, call: Call, isComplete: boolean): object {
  const { sid, facts, line, createdAt, answeredAt, endedAt, status, durationS } = call;
  const { account, from, to, direction } = facts;
  const party = (one: string): object => ({ caller: one, connection: line.kind === 'sip' ? 'sip' : 'landline' });
  const path = pathOf(plane.settings.insights, from, to);
  const time = (date: Date | undefined): string | null => (date === undefined ? null : iso8601(date));
  const edge = answeredAt === undefined ? null : { properties: { direction: direction === 'inbound' ? 'inbound' : 'outbound', media_region: 'us1' }, metrics: { inbound: stream('received', durationS, path), outbound: stream('sent', durationS, path) } };
  return {
    account_sid: account.sid, call_sid: sid, call_type: line.kind === 'sip' ? 'sip' : 'carrier', call_state: { failed: 'fail', 'no-answer': 'noanswer', 'in-progress': 'answered', queued: 'undialed', initiated: 'undialed' }[status as string] ?? status,
    answered_by: null, processing_state: isComplete ? 'complete' : 'partial', created_time: time(createdAt), start_time: time(createdAt), end_time: time(endedAt),
    duration: endedAt === undefined ? null : Math.ceil((endedAt.getTime() - createdAt.getTime()) / 1_000), connect_duration: durationS, from: party(from), to: party(to),
    carrier_edge: line.kind === 'pstn' ? edge : null, sip_edge: line.kind === 'sip' ? edge : null, client_edge: null, sdk_edge: null,
    tags: path.tags, url: `https://${SUMMARY.replace('{CallSid}', sid)}`, attributes: { conference_participant: false }, properties: { direction: direction.replace('-', '_') }, trust: null, annotation: null,
  };
}

/** No MOS: Twilio gives one of its own Voice SDK only. */
function stream(way: 'received' | 'sent', durationS: number, { lossShare, jitterMs }: { readonly lossShare: number; readonly jitterMs: number }): object {
  const whole = durationS * PACKETS_A_SECOND;
  const lost = Math.round(whole * lossShare);
  return {
    codec: PCMU, codec_name: 'pcmu', packets_received: way === 'received' ? whole - lost : 0, packets_sent: way === 'sent' ? whole : 0, packets_lost: lost,
    packets_loss_percentage: Number((lossShare * 100).toFixed(2)), jitter: { avg: jitterMs, max: Math.round(jitterMs * 4) }, latency: { avg: 1, max: 5 },
  };
}
