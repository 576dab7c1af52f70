import type { ComplaintKind, EnvironmentAvailability, KpiFigures, KpiTarget, Language } from '@troncal/contracts';
import { percent } from './kpi.js';

export const shortTime = (ms: number): string => (ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 6_000) / 10} min`);

export type Answers = Pick<EnvironmentAvailability, 'questions' | 'questionsFailed' | 'probes' | 'probesFailed'>;
interface Audio {
  readonly figures: KpiFigures;
  readonly asterisk: number;
  readonly twilio: number;
  /** Twilio's Voice Insights are off. */
  readonly off: boolean;
}

/** What a target, and what it is reckoned from, is called. `few`: fewer than these say nothing. */
export interface TargetWords {
  readonly names: Readonly<Record<KpiTarget['kpi'], string>>;
  readonly basis: Readonly<Record<KpiTarget['basis'], string>>;
  readonly noCalls: string;
  readonly connection: (figures: KpiFigures, few: number | undefined) => string;
  readonly setup: string;
  readonly noSetup: string;
  readonly noneInVain: string;
  readonly noPhones: string;
  readonly ofPhones: (lost: number, all: number) => string;
  readonly registration: (lost: string, oldest: string | undefined) => string;
  readonly noRegistrations: (unseen: number) => string;
  readonly registrationTime: (seen: { readonly exact: number; readonly bounds: number; readonly unseen: number }) => string;
  readonly noQuestions: string;
  readonly availability: (answers: Answers, few: number | undefined) => string;
  readonly goodAudio: (share: string, mos: number) => string;
  readonly noAudio: (off: boolean) => string;
  readonly audio: (audio: Audio, few: number | undefined) => string;
  readonly none: string;
  readonly complaints: (kinds: string) => string;
  readonly complaint: (kind: ComplaintKind) => string;
}

const EN: TargetWords = {
  names: { connection: 'connection', setup: 'set-up', registration: 'registration', registration_time: 'registration time', availability: 'availability', audio: 'audio quality', complaints: 'complaints' },
  basis: { measured: 'measured', inferred: 'inferred', not_measured: 'not measured' },
  noCalls: 'no call yet',
  connection: ({ calls, failed, sip4xx, sip5xx }, few) => `${failed} of ${calls} calls reached nobody; SIP refused ${sip4xx} legs with 4xx and ${sip5xx} with 5xx or 6xx${few === undefined ? '' : `; fewer than ${few} calls say nothing`}`,
  setup: 'from the declaration to the last step at Twilio',
  noSetup: 'it was not set up by us, or is not ready yet',
  noneInVain: 'no phone dialled in vain',
  noPhones: 'no phone has rung or called yet',
  ofPhones: (lost, all) => `${lost} of ${all} phones`,
  registration: (lost, oldest) => `not registered when last dialled: ${lost || 'none'}${oldest === undefined ? '' : `; the one longest not seen was last seen ${oldest} ago`}. Twilio tells nobody who is registered: inferred from calls`,
  noRegistrations: (unseen) => (unseen === 0 ? 'no sheet was handed over' : `of ${unseen} phones whose sheet was handed over none was seen yet`),
  registrationTime: ({ exact, bounds, unseen }) =>
    `from the sheet's hand-over: ${exact} measured, by a device that fetched it, up to its REGISTER at our edge; ${bounds} are upper bounds, as a person took the sheet or Twilio tells no REGISTER (first call or ringing); ${unseen} not seen yet`,
  noQuestions: 'Twilio has asked nothing, and the public address could not be probed',
  availability: ({ questions, questionsFailed, probes, probesFailed }, few) =>
    `${questions - questionsFailed} of ${questions} questions of Twilio in its calls answered rightly within 15 s (failures: excuses, late answers, the fallback, Twilio's debugger); ${probes - probesFailed} of ${probes} probes of the public address${few === undefined ? '' : `; too few to tell: ${few} are needed`}`,
  goodAudio: (share, mos) => `> ${share} of legs with MOS ≥ ${mos}`,
  noAudio: (off) => (off ? 'Voice Insights Advanced Features are not enabled on the Twilio account, and no call on our Asterisk was measured' : 'no leg was measured yet; Twilio sums a call up some 30 minutes after its end'),
  audio: ({ figures, asterisk, twilio, off }, few) =>
    `${figures.poorLegs} of ${figures.measuredLegs} legs poor; loss ${lossOf(figures)}, jitter ${jitterOf(figures)}. RTP measured: ${asterisk} by our Asterisk, ${twilio} by Twilio's Voice Insights${off ? ' (not enabled now)' : ''}; the MOS is estimated from it (E-model), nobody was asked${few === undefined ? '' : `; fewer than ${few} legs say nothing`}`,
  none: 'none',
  complaints: (kinds) => kinds || 'nobody complained (troncal complaints add)',
  complaint: (kind) => kind,
};

const KINDS_ES: Readonly<Record<ComplaintKind, string>> = {
  'one-way': 'audio de un solo lado', silence: 'silencio', choppy: 'audio entrecortado', echo: 'eco', delay: 'retardo', noise: 'ruido', 'low-volume': 'volumen bajo', dropped: 'llamada cortada', keys: 'teclas no reconocidas', other: 'otro',
};

const ES: TargetWords = {
  names: { connection: 'conexión', setup: 'instalación', registration: 'registro', registration_time: 'tiempo de registro', availability: 'disponibilidad', audio: 'calidad de audio', complaints: 'reclamos' },
  basis: { measured: 'medido', inferred: 'inferido', not_measured: 'no medido' },
  noCalls: 'aún no hay llamadas',
  connection: ({ calls, failed, sip4xx, sip5xx }, few) => `${failed} de ${calls} llamadas no llegaron a nadie; SIP rechazó ${sip4xx} tramos con 4xx y ${sip5xx} con 5xx o 6xx${few === undefined ? '' : `; menos de ${few} llamadas no dicen nada`}`,
  setup: 'desde la declaración hasta el último paso en Twilio',
  noSetup: 'no lo instalamos nosotros, o aún no está listo',
  noneInVain: 'ningún teléfono marcado en vano',
  noPhones: 'ningún teléfono ha sonado ni llamado todavía',
  ofPhones: (lost, all) => `${lost} de ${all} teléfonos`,
  registration: (lost, oldest) => `sin registro al ser marcados por última vez: ${lost || 'ninguno'}${oldest === undefined ? '' : `; el que lleva más tiempo sin verse se vio hace ${oldest}`}. Twilio no dice a nadie quién está registrado: se infiere de las llamadas`,
  noRegistrations: (unseen) => (unseen === 0 ? 'no se entregó ninguna ficha' : `de ${unseen} teléfonos con ficha entregada aún no se ha visto ninguno`),
  registrationTime: ({ exact, bounds, unseen }) =>
    `desde la entrega de la ficha: ${exact} medidos, de un equipo que la descargó hasta su REGISTER en nuestra central; ${bounds} son cotas superiores, porque la tomó una persona o Twilio no informa REGISTER (primera llamada o timbrado); ${unseen} aún sin verse`,
  noQuestions: 'Twilio no ha preguntado nada, y la dirección pública no se pudo probar',
  availability: ({ questions, questionsFailed, probes, probesFailed }, few) =>
    `${questions - questionsFailed} de ${questions} preguntas de Twilio en sus llamadas contestadas bien en 15 s (fallas: excusas, respuestas tardías, la dirección de respaldo, el depurador de Twilio); ${probes - probesFailed} de ${probes} sondeos de la dirección pública${few === undefined ? '' : `; muy pocos para decirlo: se necesitan ${few}`}`,
  goodAudio: (share, mos) => `> ${share} de los tramos con MOS ≥ ${mos}`,
  noAudio: (off) => (off ? 'Voice Insights Advanced Features no está habilitado en la cuenta de Twilio, y no se midió ninguna llamada en nuestro Asterisk' : 'aún no se midió ningún tramo; Twilio resume una llamada unos 30 minutos después de su fin'),
  audio: ({ figures, asterisk, twilio, off }, few) =>
    `${figures.poorLegs} de ${figures.measuredLegs} tramos malos; pérdida ${lossOf(figures)}, jitter ${jitterOf(figures)}. RTP medido: ${asterisk} por nuestro Asterisk, ${twilio} por Voice Insights de Twilio${off ? ' (ahora no habilitado)' : ''}; el MOS se estima de eso (modelo E), no se preguntó a nadie${few === undefined ? '' : `; menos de ${few} tramos no dicen nada`}`,
  none: 'ninguno',
  complaints: (kinds) => kinds || 'nadie reclamó (troncal complaints add)',
  complaint: (kind) => KINDS_ES[kind],
};

const lossOf = ({ packetLoss }: KpiFigures): string => (packetLoss === null ? '–' : percent(packetLoss, 2));
const jitterOf = ({ averageJitterMs }: KpiFigures): string => (averageJitterMs === null ? '–' : `${averageJitterMs.toFixed(1)} ms`);

export const TARGET_WORDS: Readonly<Record<Language, TargetWords>> = { en: EN, es: ES };
