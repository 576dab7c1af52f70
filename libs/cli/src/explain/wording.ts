import type { Language } from '@troncal/contracts';
import { duration } from '../output/durations.js';
import { shortened } from '../output/printable.js';
import type { Delay, DelayName } from './delays.js';
import type { Finding } from './findings.js';

type Both<T> = Readonly<Record<Language, T>>;

/** Headings and the small words of an explanation. */
export const HEADINGS: Both<Readonly<Record<'story' | 'delays' | 'ending' | 'noted' | 'slow' | 'budget' | 'nothing' | 'trace', string>>> = {
  en: { story: 'What happened', delays: 'Delays', ending: 'How it ended', noted: 'Worth knowing', slow: 'SLOW', budget: 'at most', nothing: 'nothing is missing', trace: 'trace' },
  es: { story: 'Qué pasó', delays: 'Demoras', ending: 'Cómo terminó', noted: 'Para tener en cuenta', slow: 'LENTO', budget: 'a lo más', nothing: 'no falta nada', trace: 'traza' },
};

const DELAYS: Both<Readonly<Record<DelayName, string>>> = {
  en: {
    arrival_to_answer: 'arrival → answer', arrival_to_agent: 'arrival → the agent’s first word', answer_to_agent: 'answer → the agent’s first word', question_to_answer: 'end of question → answer',
    interruption_to_silence: 'caller speaks → agent silent', waiting_to_person: 'wish for a person → person', queue: 'in the queue', provider_silent: 'voice provider away', recording_to_file: 'end of call → recording ready',
  },
  es: {
    arrival_to_answer: 'llegada → respuesta', arrival_to_agent: 'llegada → primera palabra del agente', answer_to_agent: 'respuesta → primera palabra del agente', question_to_answer: 'fin de la pregunta → respuesta',
    interruption_to_silence: 'habla quien llama → calla el agente', waiting_to_person: 'pide una persona → persona', queue: 'en la cola', provider_silent: 'sin proveedor de voz', recording_to_file: 'fin de la llamada → grabación lista',
  },
};

export const delayName = (delay: Delay, language: Language): string => `${DELAYS[language][delay.name]}${delay.which === undefined ? '' : ` (${shortened(delay.which, 30)})`}`;

/** Q.850 causes that people meet; others by their number. */
const CAUSES: Both<Readonly<Record<number, string>>> = {
  en: { 1: 'number not assigned', 16: 'normal', 17: 'busy', 18: 'no phone answered', 19: 'nobody answered', 20: 'not registered', 21: 'rejected', 26: 'taken elsewhere', 34: 'no line free', 41: 'a temporary failure' },
  es: { 1: 'número no asignado', 16: 'normal', 17: 'ocupado', 18: 'ningún teléfono respondió', 19: 'nadie contestó', 20: 'no registrado', 21: 'rechazada', 26: 'tomada en otro lado', 34: 'sin línea libre', 41: 'una falla temporal' },
};

export const causeText = (cause: number, language: Language): string => `${CAUSES[language][cause] ?? (language === 'es' ? 'causa' : 'cause')} (${cause})`;

/** A finding in one sentence. */
export function findingText(finding: Finding, language: Language): string {
  return (language === 'es' ? spanish : english)(finding);
}

function english(finding: Finding): string {
  switch (finding.code) {
    case 'no_beginning':
      return 'nothing tells how it began: its first events are kept no longer, or have not arrived';
    case 'still_live':
      return `the call is still going on, at ${finding.at}`;
    case 'end_unknown':
      return `whether it has ended is not known: nobody can be asked${finding.reason === '' ? '' : ` (${finding.reason})`}`;
    case 'end_not_told':
      return 'the call is over, but CallEnded is not there yet';
    case 'gateway_was_away':
      return 'the end was found afterwards: the gateway was away when it came, so its time is the latest possible';
    case 'edge_gap':
      return finding.ms === null ? 'the gateway took the exchange up in the middle of the call: it had been away before' : `the gateway was away from the exchange for ${duration(finding.ms)} of the call`;
    case 'served_by_fallback':
      return 'the dialplan’s fallback served the caller first: no gateway was there';
    case 'voice_was_replaced':
      return `the conversation was taken up again ${finding.times === 1 ? 'once' : `${finding.times} times`}: its process or its audio was lost`;
    case 'provider_given_up':
      return `the voice provider was given up (${shortened(finding.reason, 120)}); fixed sentences from there on`;
    case 'recording_missing':
      return `there is no recording ${finding.recordingId} although it began${finding.failed ? ': it failed' : ''}`;
    case 'conversation_open':
      return 'the conversation has no end, although the call is over';
    case 'queue_open':
      return `nothing tells how the caller left the queue ${finding.queue}`;
    case 'tool_open':
      return `the tool ${finding.tool} never came back`;
    case 'tool_failed':
      return `the tool ${finding.tool} did not work: ${finding.outcome}`;
    case 'no_ticket':
      return `nobody took the call from the queue ${finding.queue}, and no ticket was opened`;
    case 'api_away':
      return `the API could not be asked (${finding.reason}): this is what the bus tells`;
    case 'bus_not_read':
      return 'the bus was not read: tickets, campaigns and the exchange’s comings and goings are left out';
  }
}

function spanish(finding: Finding): string {
  switch (finding.code) {
    case 'no_beginning':
      return 'nada dice cómo comenzó: sus primeros eventos ya no se guardan, o no han llegado';
    case 'still_live':
      return `la llamada sigue en curso, en ${finding.at}`;
    case 'end_unknown':
      return `no se sabe si terminó: no hay a quién preguntar${finding.reason === '' ? '' : ` (${finding.reason})`}`;
    case 'end_not_told':
      return 'la llamada terminó, pero aún no está CallEnded';
    case 'gateway_was_away':
      return 'el fin se detectó después: la pasarela no estaba cuando ocurrió, así que su hora es la más tardía posible';
    case 'edge_gap':
      return finding.ms === null ? 'la pasarela retomó la central en medio de la llamada: antes no estaba' : `la pasarela estuvo sin la central ${duration(finding.ms)} de la llamada`;
    case 'served_by_fallback':
      return 'primero atendió el plan de respaldo: no había pasarela';
    case 'voice_was_replaced':
      return `la conversación se retomó ${finding.times === 1 ? 'una vez' : `${finding.times} veces`}: se perdió su proceso o su audio`;
    case 'provider_given_up':
      return `se renunció al proveedor de voz (${shortened(finding.reason, 120)}); desde ahí, frases fijas`;
    case 'recording_missing':
      return `no está la grabación ${finding.recordingId}, aunque comenzó${finding.failed ? ': falló' : ''}`;
    case 'conversation_open':
      return 'la conversación no tiene fin, aunque la llamada terminó';
    case 'queue_open':
      return `nada dice cómo salió de la cola ${finding.queue}`;
    case 'tool_open':
      return `la herramienta ${finding.tool} nunca volvió`;
    case 'tool_failed':
      return `la herramienta ${finding.tool} no funcionó: ${finding.outcome}`;
    case 'no_ticket':
      return `nadie tomó la llamada de la cola ${finding.queue}, y no se abrió un ticket`;
    case 'api_away':
      return `no se pudo preguntar a la API (${finding.reason}): esto es lo que dice el bus`;
    case 'bus_not_read':
      return 'no se leyó el bus: faltan tickets, campañas y las idas y venidas de la central';
  }
}
