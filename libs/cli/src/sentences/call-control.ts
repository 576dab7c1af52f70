import {
  CallHeldV1, CallParkedV1, CallPickedUpV1, CallResumedV1, CallsBridgedV1, ConferenceJoinedV1, ConferenceLeftV1, ConsultationStartedV1, DtmfSentV1, ParkingExpiredV1, PlaybackFinishedV1,
  PlaybackStartedV1, RecordingPausedV1, RecordingResumedV1, SnoopEndedV1, SnoopStartedV1, TransferFailedV1,
} from '@troncal/contracts';
import { duration, timeOfDay } from '../output/durations.js';
import { party, sentence, shortId, type Sentence } from './sentence.js';
import { words } from './words.js';

const en = (call: string): string => `call ${shortId(call)}`;
const es = (call: string): string => `llamada ${shortId(call)}`;

/** What people and programs do to a call while it lasts. */
export const CALL_CONTROL_SENTENCES: readonly Sentence[] = [
  sentence(CallHeldV1, {
    en: (d) => `${en(d.callId)} is on hold (asked by ${words.en[d.requestedBy]})`,
    es: (d) => `${es(d.callId)} está en espera (pedido por ${words.es[d.requestedBy]})`,
  }),
  sentence(CallResumedV1, {
    en: (d) => `${en(d.callId)} is no longer on hold, after ${duration(d.heldMs)}`,
    es: (d) => `${es(d.callId)} ya no está en espera, tras ${duration(d.heldMs)}`,
  }),
  sentence(CallParkedV1, {
    en: (d) => `${en(d.callId)} is parked in slot ${d.slot} until ${timeOfDay(d.until)}; then it goes back to ${d.returnTo === null ? 'its route' : party(d.returnTo, '?')}`,
    es: (d) => `${es(d.callId)} está estacionada en ${d.slot} hasta ${timeOfDay(d.until)}; luego vuelve a ${d.returnTo === null ? 'su ruta' : party(d.returnTo, '?')}`,
  }),
  sentence(CallPickedUpV1, {
    en: (d) => `${en(d.callId)} was picked up from slot ${d.slot} by ${party(d.extension, '?')}, after ${duration(d.parkedMs)}`,
    es: (d) => `${es(d.callId)} fue recogida de ${d.slot} por ${party(d.extension, '?')}, tras ${duration(d.parkedMs)}`,
  }),
  sentence(ParkingExpiredV1, {
    en: (d) => `${en(d.callId)}: nobody picked it up from slot ${d.slot} in ${duration(d.parkedMs)}; it goes back to ${d.returnedTo === null ? 'its route' : party(d.returnedTo, '?')}`,
    es: (d) => `${es(d.callId)}: nadie la recogió de ${d.slot} en ${duration(d.parkedMs)}; vuelve a ${d.returnedTo === null ? 'su ruta' : party(d.returnedTo, '?')}`,
  }),
  sentence(CallsBridgedV1, {
    en: (d) => `${en(d.callId)} and call ${shortId(d.withCallId)} hear each other`,
    es: (d) => `${es(d.callId)} y la llamada ${shortId(d.withCallId)} se oyen`,
  }),
  sentence(ConferenceJoinedV1, {
    en: (d) => `${en(d.callId)} is in the conference ${d.conference}`,
    es: (d) => `${es(d.callId)} está en la conferencia ${d.conference}`,
  }),
  sentence(ConferenceLeftV1, {
    en: (d) => `${en(d.callId)} left the conference ${d.conference} after ${duration(d.joinedMs)}`,
    es: (d) => `${es(d.callId)} dejó la conferencia ${d.conference} tras ${duration(d.joinedMs)}`,
  }),
  sentence(DtmfSentV1, {
    en: (d) => `${en(d.callId)}: ${d.masked ? 'digits (hidden)' : d.digits} were sent to ${words.en[d.to]}`,
    es: (d) => `${es(d.callId)}: se enviaron ${d.masked ? 'dígitos (ocultos)' : d.digits} a ${words.es[d.to]}`,
  }),
  sentence(PlaybackStartedV1, {
    en: (d) => `${en(d.callId)} hears ${words.en[d.what]} “${d.name}”`,
    es: (d) => `${es(d.callId)} oye ${words.es[d.what]} «${d.name}»`,
  }),
  sentence(PlaybackFinishedV1, {
    en: (d) => `${en(d.callId)}: what was played is over (${words.en[d.outcome]})`,
    es: (d) => `${es(d.callId)}: terminó lo que sonaba (${words.es[d.outcome]})`,
  }),
  sentence(SnoopStartedV1, {
    en: (d) => `${en(d.callId)}: ${party(d.extension, '?')} ${words.en[d.mode]} at the ear of ${words.en[d.party]}`,
    es: (d) => `${es(d.callId)}: ${party(d.extension, '?')} ${words.es[d.mode]} al oído de ${words.es[d.party]}`,
  }),
  sentence(SnoopEndedV1, {
    en: (d) => (d.durationMs === 0 ? `${en(d.callId)}: ${party(d.extension, '?')} never got to listen` : `${en(d.callId)}: ${party(d.extension, '?')} no longer listens, after ${duration(d.durationMs)}`),
    es: (d) => (d.durationMs === 0 ? `${es(d.callId)}: ${party(d.extension, '?')} no llegó a escuchar` : `${es(d.callId)}: ${party(d.extension, '?')} ya no escucha, tras ${duration(d.durationMs)}`),
  }),
  sentence(RecordingPausedV1, {
    en: (d) => `${en(d.callId)}: the recording is paused`,
    es: (d) => `${es(d.callId)}: la grabación está en pausa`,
  }),
  sentence(RecordingResumedV1, {
    en: (d) => `${en(d.callId)}: the recording goes on, after ${duration(d.pausedMs)}`,
    es: (d) => `${es(d.callId)}: la grabación continúa, tras ${duration(d.pausedMs)}`,
  }),
  sentence(ConsultationStartedV1, {
    en: (d) => `${en(d.callId)}: ${words.en[d.kind]} ${party(d.target, '?')} is asked first, the caller hears music (asked by ${words.en[d.requestedBy]})`,
    es: (d) => `${es(d.callId)}: primero se consulta a ${words.es[d.kind]} ${party(d.target, '?')}, quien llama oye música (pedido por ${words.es[d.requestedBy]})`,
  }),
  sentence(TransferFailedV1, {
    en: (d) => `${en(d.callId)} was not taken by ${words.en[d.kind]} ${party(d.target, '?')} (${words.en[d.outcome]}); it ${d.returnedTo === 'route' ? 'follows the route again' : words.en[d.returnedTo]}`,
    es: (d) => `${es(d.callId)} no fue tomada por ${words.es[d.kind]} ${party(d.target, '?')} (${words.es[d.outcome]}); ${d.returnedTo === 'route' ? 'sigue la ruta otra vez' : words.es[d.returnedTo]}`,
  }),
];
