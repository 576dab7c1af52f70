import { callWithTimelineSchema, PLATFORM_TENANT, type CallWithTimeline, type Domain, type Envelope } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { callsLike, resolveCall } from '../api/resolve-call.js';
import { asCliError, CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { Session } from '../session.js';
import { envelopeOf } from '../timeline/describe-call.js';
import { inCausalOrder, type Story } from './story.js';

/** Without a time from the API the bus is read this far back: calls that are live, refused, or whose gateway is away are recent. */
const RECENT_MS = 86_400_000;
/** What a call sets off comes within this of its end. */
const AFTER_MS = 600_000;
/** Clocks differ, and a trunk's call may be refused a moment before. */
const BEFORE_MS = 5_000;

interface FromApi {
  readonly call: CallWithTimeline | undefined;
  readonly trouble: CliError | undefined;
}

/** Everything that is known of a call, from the API and the bus; either is enough. @throws CliError when neither knows it */
export async function gatherStory(session: Session, given: string): Promise<Story> {
  const { call, trouble } = await fromApi(session, given);
  const bus = await fromBus(session, given, call);
  const callId = call?.callId ?? bus?.callId;
  // Neither the one that answers nor the one that remembers has heard of it.
  if (callId === undefined) throw trouble ?? new CliError(EXIT.notFound, `there is no call ${given}`, 'See: troncal calls list');
  const known = new Map((call?.timeline ?? []).map((entry, index) => [entry.eventId, envelopeOf(call as CallWithTimeline, entry, index)]));
  // The bus has causes and sequences; the timeline has what the streams keep no longer.
  for (const event of bus?.events ?? []) known.set(event.id, event);
  const { timeline: _, ...view } = call ?? { timeline: [] };
  return {
    callId,
    call: call && (view as Story['call']),
    events: inCausalOrder([...known.values()]),
    busRead: bus !== undefined,
    apiTrouble: call === undefined && trouble?.exitCode === EXIT.unreachable ? trouble.message : undefined,
  };
}

async function fromApi(session: Session, given: string): Promise<FromApi> {
  try {
    const callId = await resolveCall(session.api, given);
    return { call: await session.api.ask({ path: path('api', 'calls', callId) }, callWithTimelineSchema), trouble: undefined };
  } catch (error) {
    const trouble = asCliError(error);
    // A call that was refused is in no list, and a gateway that is away can't be asked: the bus may know more.
    if (trouble.exitCode === EXIT.notFound || trouble.exitCode === EXIT.unreachable) return { call: undefined, trouble };
    throw trouble;
  }
}

/** Undefined when there is no bus to read, or it can't be read: the API's timeline is told without it. */
async function fromBus(session: Session, given: string, call: CallWithTimeline | undefined): Promise<{ readonly callId: string | undefined; readonly events: readonly Envelope[] } | undefined> {
  const seen: Envelope[] = [];
  try {
    const bus = session.context.bus();
    // Loaded here only: the other verbs start in half the time without it.
    const { readEvents } = await import('@troncal/messaging');
    const since = new Date(call === undefined ? Date.now() - RECENT_MS : Date.parse(call.startedAt) - BEFORE_MS);
    const until = call?.endedAt === null || call === undefined ? undefined : new Date(Date.parse(call.endedAt) + AFTER_MS);
    const subjects = call === undefined ? undefined : (domain: Domain): string[] => (domain === 'calls' ? [call.tenant, PLATFORM_TENANT] : [call.tenant]).map((tenant) => `evt.${tenant}.${domain}.>`);
    await readEvents(bus, { since, ...(until && { until }), ...(subjects && { subjects }) }, (event) => seen.push(event));
  } catch {
    return undefined;
  }
  const callId = call?.callId ?? findCall(given, seen);
  return { callId, events: callId === undefined ? [] : [...ofCall(callId, seen), ...edgesMeanwhile(callId, seen, call)] };
}

function findCall(given: string, events: readonly Envelope[]): string | undefined {
  const calls = events.filter((event) => /^Call(Started|Refused)\.v/.test(event.type)).toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time)).map((event) => event.subject);
  return given === 'last' ? calls[0] : callsLike(given, [...new Set(calls)])[0];
}

function ofCall(callId: string, events: readonly Envelope[]): Envelope[] {
  const names = (event: Envelope): unknown => (typeof event.data === 'object' && event.data !== null && 'callId' in event.data ? event.data.callId : undefined);
  return events.filter((event) => event.correlationid === callId || names(event) === callId);
}

/** The comings and goings of the call's own edge while it lasted. */
function edgesMeanwhile(callId: string, events: readonly Envelope[], call: CallWithTimeline | undefined): Envelope[] {
  const mine = ofCall(callId, events);
  const field = (event: Envelope | undefined, name: string): unknown => (event?.data as Record<string, unknown> | undefined)?.[name];
  const started = mine.find((event) => event.type.startsWith('CallStarted.v'));
  const ended = mine.find((event) => event.type.startsWith('CallEnded.v'));
  const edge = call?.edgeId ?? field(started, 'edgeId');
  const from = Date.parse(call?.startedAt ?? started?.time ?? '');
  const to = ended ? Date.parse(ended.time) : Infinity;
  return events.filter((event) => /^Edge(Connected|Lost)\.v/.test(event.type) && field(event, 'edgeId') === edge && Date.parse(event.time) > from && Date.parse(event.time) <= to + 1_000);
}
