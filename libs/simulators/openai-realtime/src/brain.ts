import { QUESTION_TONES, type Speech } from './input-audio.js';

/** What the scripted model decides to do with one turn. */
export interface Decision {
  /** Words to say; empty for none. */
  readonly say: string;
  readonly tool?: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
}

/** Every text the simulator speaks or writes begins with this word. */
export const LABEL = 'SIMULATED';

const WORDS = {
  es: {
    greeting: 'Hola. Le atiende un agente simulado. ¿En qué le ayudo?',
    answer: (turn: number, heard: string) => `Respuesta ${turn}. He oído ${heard}. ¿Algo más?`,
    person: 'Le paso con una persona.',
    goodbye: 'Hasta luego.',
    tool: (output: string) => `La herramienta dice: ${output}`,
  },
  en: {
    greeting: 'Hello. This is a simulated agent. How can I help?',
    answer: (turn: number, heard: string) => `Answer ${turn}. I heard ${heard}. Anything else?`,
    person: 'Let me find a person for you.',
    goodbye: 'Goodbye.',
    tool: (output: string) => `The tool says: ${output}`,
  },
} as const;

export type Language = keyof typeof WORDS;

/** The language of a session, from its instructions; Spanish when they name Spanish, else English. */
export function languageOf(instructions: string): Language {
  return /spanish|español|castellano/i.test(instructions) ? 'es' : 'en';
}

/** What the caller "said": words that a transcript can show. */
export function transcriptOf(speech: Speech): string {
  const seconds = (speech.ms / 1_000).toFixed(1);
  if (speech.toneHz === QUESTION_TONES.person) return `${LABEL}: a person, please (tone of ${speech.toneHz} Hz, ${seconds} s)`;
  if (speech.toneHz === QUESTION_TONES.goodbye) return `${LABEL}: goodbye (tone of ${speech.toneHz} Hz, ${seconds} s)`;
  if (speech.toneHz !== undefined) return `${LABEL}: a question (tone of ${speech.toneHz} Hz, ${seconds} s)`;
  return `${LABEL}: ${seconds} s of speech`;
}

const EXACT = /say exactly:\s*["“]?(.+?)["”]?\s*$/is;
const WANTS_PERSON = /\b(person|human|persona|humano|operador|operator)\b/i;
const WANTS_END = /\b(goodbye|bye|adi[oó]s|hasta luego)\b/i;

/**
 * Decides on one response. `lines` is the context as `role: words`. A tool is only called if the session declares it, and never in answer
 * to a tool's own result.
 */
export function decide(input: { readonly lines: readonly string[]; readonly instructions: string; readonly override: string | undefined; readonly turn: number; readonly language: Language; readonly tools: readonly string[]; readonly say: string | undefined }): Decision {
  const words = WORDS[input.language];
  const label = (text: string): string => `${LABEL}. ${text}`;
  const exact = EXACT.exec(input.override ?? '')?.[1];
  if (exact !== undefined) return { say: label(exact) };
  if (input.override !== undefined && /summar|resum/i.test(input.override)) return { say: summary(input.lines) };
  if (input.say !== undefined) return { say: label(input.say) };
  const last = input.lines.at(-1) ?? '';
  if (last.startsWith('tool: ')) return { say: label(words.tool(last.slice(6, 160))) };
  if (last.startsWith('user: ')) {
    const heard = last.slice(6);
    if (WANTS_PERSON.test(heard) && input.tools.includes('transfer_to_person')) {
      return { say: label(words.person), tool: { name: 'transfer_to_person', arguments: { reason: 'the caller asked for a person', summary: summary(input.lines) } } };
    }
    if (WANTS_END.test(heard) && input.tools.includes('hang_up')) return { say: label(words.goodbye), tool: { name: 'hang_up', arguments: { reason: 'the caller said goodbye' } } };
    return { say: label(words.answer(input.turn, heard.replace(`${LABEL}: `, ''))) };
  }
  return { say: label(input.turn === 0 ? words.greeting : words.answer(input.turn, '…')) };
}

function summary(lines: readonly string[]): string {
  const caller = lines.filter((line) => line.startsWith('user: '));
  const latest = caller.slice(-3).map((line) => line.slice(6).replace(`${LABEL}: `, ''));
  return `${LABEL} summary: the caller spoke ${caller.length} time${caller.length === 1 ? '' : 's'}${latest.length === 0 ? '' : `; last: ${latest.join('; ')}`}.`.slice(0, 500);
}
