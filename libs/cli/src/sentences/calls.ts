import { lossShareOf } from '@troncal/audio';
import {
  AgentConnectedV1, CallAnsweredV1, CallEndedV1, CallQualityMeasuredV1, CallQueuedV1, CallRefusedV1, CallRingingV1, CallStartedV1, CallTransferredV1, ComplaintMadeV1, DtmfReceivedV1,
  QueueLeftV1, RecordingReadyV1, RecordingStartedV1, type DataOf,
} from '@troncal/contracts';
import { duration } from '../output/durations.js';
import { shortened } from '../output/printable.js';
import { party, sentence, shortId, type Sentence } from './sentence.js';
import { words } from './words.js';

const en = (call: string): string => `call ${shortId(call)}`;
const es = (call: string): string => `llamada ${shortId(call)}`;

const MEASURED_BY = {
  asterisk_rtp: { en: 'our Asterisk', es: 'nuestro Asterisk' },
  twilio_voice_insights: { en: 'Twilio’s Voice Insights', es: 'Voice Insights de Twilio' },
} as const;

/** Of the worse direction. */
function streamText({ received, sent }: DataOf<typeof CallQualityMeasuredV1>, lost: string, jitter: string): string {
  const [worse] = [received, sent].filter((stream) => stream !== undefined).toSorted((one, other) => lossShareOf(other) - lossShareOf(one));
  return worse === undefined ? '' : `, ${(lossShareOf(worse) * 100).toFixed(1)} % ${lost}, ${jitter} ${worse.jitterMs.toFixed(1)} ms`;
}

/** What happens to a call, in the words of somebody who stands beside it. */
export const CALL_SENTENCES: readonly Sentence[] = [
  sentence(CallStartedV1, {
    en: (d) => `${en(d.callId)} from ${party(d.from, 'an unknown caller')} to ${party(d.to, '?')} began${d.viaFallback ? ', first served by the fallback of the dialplan' : ''}`,
    es: (d) => `${es(d.callId)} de ${party(d.from, 'un número desconocido')} a ${party(d.to, '?')} comenzó${d.viaFallback ? ', atendida primero por el plan de respaldo' : ''}`,
  }),
  sentence(CallRingingV1, {
    en: (d) => `${en(d.callId)} rings at ${party(d.target, '?')}`,
    es: (d) => `${es(d.callId)} suena en ${party(d.target, '?')}`,
  }),
  sentence(CallAnsweredV1, {
    en: (d) => `${en(d.callId)} was answered by ${d.by === 'route' ? `the route ${d.answeredBy}` : party(d.answeredBy, '?')}`,
    es: (d) => `${es(d.callId)} fue contestada por ${d.by === 'route' ? `la ruta ${d.answeredBy}` : party(d.answeredBy, '?')}`,
  }),
  sentence(DtmfReceivedV1, {
    en: (d) => `${en(d.callId)}: the caller pressed ${d.masked ? 'a digit (hidden)' : d.digit}`,
    es: (d) => `${es(d.callId)}: marcaron ${d.masked ? 'un dígito (oculto)' : d.digit}`,
  }),
  sentence(CallQueuedV1, {
    en: (d) => `${en(d.callId)} waits in the queue ${d.queue} (${words.en[d.reason]})`,
    es: (d) => `${es(d.callId)} espera en la cola ${d.queue} (${words.es[d.reason]})`,
  }),
  sentence(QueueLeftV1, {
    en: (d) => `${en(d.callId)} left the queue ${d.queue} after ${duration(d.waitedMs)}: ${words.en[d.outcome]}`,
    es: (d) => `${es(d.callId)} salió de la cola ${d.queue} tras ${duration(d.waitedMs)}: ${words.es[d.outcome]}`,
  }),
  sentence(AgentConnectedV1, {
    en: (d) => `${en(d.callId)}: ${d.extension} answered and both hear each other, after ${duration(d.waitedMs)}`,
    es: (d) => `${es(d.callId)}: contestó ${d.extension} y ambos se oyen, tras ${duration(d.waitedMs)}`,
  }),
  sentence(CallTransferredV1, {
    en: (d) => `${en(d.callId)} was sent to ${words.en[d.kind]} ${party(d.target, '?')} (asked by ${words.en[d.requestedBy]})`,
    es: (d) => `${es(d.callId)} fue enviada a ${words.es[d.kind]} ${party(d.target, '?')} (pedido por ${words.es[d.requestedBy]})`,
  }),
  sentence(RecordingStartedV1, {
    en: (d) => d.purpose === 'voicemail' ? `${en(d.callId)}: the caller may leave a message for ${d.mailbox}` : `${en(d.callId)} is being recorded${d.announced ? ', and the caller was told' : ''}`,
    es: (d) => d.purpose === 'voicemail' ? `${es(d.callId)}: quien llama puede dejar un mensaje para ${d.mailbox}` : `${es(d.callId)} se está grabando${d.announced ? ', y se le avisó a quien llama' : ''}`,
  }),
  sentence(RecordingReadyV1, {
    en: (d) => `${en(d.callId)}: ${d.purpose === 'voicemail' ? `a message for ${d.mailbox} was left` : 'the recording is ready'}, ${duration(d.durationMs)} in ${d.location}`,
    es: (d) => `${es(d.callId)}: ${d.purpose === 'voicemail' ? `dejaron un mensaje para ${d.mailbox}` : 'la grabación está lista'}, ${duration(d.durationMs)} en ${d.location}`,
  }),
  sentence(CallQualityMeasuredV1, {
    en: (d) => `${en(d.callId)}: its audio was measured by ${MEASURED_BY[d.measuredBy].en}: MOS ${d.mos.toFixed(1)} (estimated)${streamText(d, 'lost', 'jitter')}`,
    es: (d) => `${es(d.callId)}: su audio fue medido por ${MEASURED_BY[d.measuredBy].es}: MOS ${d.mos.toFixed(1)} (estimado)${streamText(d, 'perdido', 'jitter')}`,
  }),
  sentence(ComplaintMadeV1, {
    en: (d) => `${en(d.callId)}: somebody complains of ${words.en[`complaint ${d.kind}`]}${d.note === undefined ? '' : `: “${shortened(d.note, 120)}”`}`,
    es: (d) => `${es(d.callId)}: alguien reclama por ${words.es[`complaint ${d.kind}`]}${d.note === undefined ? '' : `: “${shortened(d.note, 120)}”`}`,
  }),
  sentence(CallEndedV1, {
    en: (d) => `${en(d.callId)} ended after ${duration(d.durationMs)}: ${words.en[d.disposition]}, ended by ${words.en[d.endedBy]}${d.recovered ? ' (found afterwards)' : ''}`,
    es: (d) => `${es(d.callId)} terminó tras ${duration(d.durationMs)}: ${words.es[d.disposition]}, terminada por ${words.es[d.endedBy]}${d.recovered ? ' (detectado después)' : ''}`,
  }),
  sentence(CallRefusedV1, {
    en: (d) => `${en(d.callId)} from ${party(d.from, 'an unknown caller')} to ${party(d.to, '?')} was refused: ${words.en[d.reason]} (cause ${d.cause})`,
    es: (d) => `${es(d.callId)} de ${party(d.from, 'un número desconocido')} a ${party(d.to, '?')} fue rechazada: ${words.es[d.reason]} (causa ${d.cause})`,
  }),
];
