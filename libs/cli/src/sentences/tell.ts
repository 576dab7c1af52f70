import type { Envelope, Language } from '@troncal/contracts';
import { PLATFORM_TENANT } from '@troncal/contracts';
import { timeOfDay } from '../output/durations.js';
import { printable } from '../output/printable.js';
import type { Style } from '../output/style.js';
import { CALL_CONTROL_SENTENCES } from './call-control.js';
import { CALL_SENTENCES } from './calls.js';
import { EDGE_SENTENCES } from './edges.js';
import { EXTENSION_SENTENCES } from './extensions.js';
import type { Sentence } from './sentence.js';
import { PROVISIONING_SENTENCES } from './provisioning.js';
import { TENANT_SENTENCES } from './tenants.js';
import { TICKET_SENTENCES } from './tickets.js';
import { VOICE_SENTENCES } from './voice.js';

const SENTENCES: ReadonlyMap<string, Sentence> = new Map(
  [...CALL_SENTENCES, ...CALL_CONTROL_SENTENCES, ...EDGE_SENTENCES, ...VOICE_SENTENCES, ...TENANT_SENTENCES, ...PROVISIONING_SENTENCES, ...TICKET_SENTENCES, ...EXTENSION_SENTENCES].map((sentence) => [sentence.type, sentence]),
);

/** The types that can be told; a test holds this against the catalogue. */
export const TOLD_TYPES: readonly string[] = [...SENTENCES.keys()];

/**
 * An event in plain words, without time and tenant. One that this version does not know, or whose data does not fit, is still told by
 * its type: a reader must never miss that something happened.
 */
export function tell(envelope: Envelope, language: Language): string {
  const sentence = SENTENCES.get(envelope.type);
  if (sentence === undefined) return `${envelope.type} ${printable(envelope.subject)} (${language === 'es' ? 'tipo desconocido para esta versión' : 'a type that this version does not know'})`;
  try {
    return sentence.say(envelope, language);
  } catch {
    return `${envelope.type} ${printable(envelope.subject)} (${language === 'es' ? 'datos que no cumplen su contrato' : 'data that breaks its contract'})`;
  }
}

/** One line of `troncal events`: `14:02:11 demo call 3f1f0a2b… from 202 to 100 began`. */
export function eventLine(envelope: Envelope, language: Language, style: Style): string {
  const tenant = envelope.tenantid === PLATFORM_TENANT ? 'troncal' : envelope.tenantid;
  return `${style.dim(timeOfDay(envelope.time))} ${style.strong(tenant)} ${tell(envelope, language)}\n`;
}
