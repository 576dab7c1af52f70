import { languageSchema, type Language } from '@troncal/contracts';

/** The language of what people read and hear: the option, TRONCAL_LANG, the machine's own (LC_ALL, LC_MESSAGES, LANG), else English. */
export function languageOf(option: Language | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (option !== undefined) return option;
  const asked = [env['TRONCAL_LANG'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return languageSchema.safeParse(asked?.slice(0, 2).toLowerCase()).data ?? 'en';
}
