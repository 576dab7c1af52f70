import { languageSchema, type Language, type Prompt } from '@troncal/contracts';

/** What callers hear of the platform itself. */
export const PHRASES = {
  excuse: {
    say: {
      es: 'Lo sentimos, no podemos atender su llamada en este momento. Por favor, intente nuevamente más tarde.',
      en: 'We are sorry, we cannot take your call right now. Please try again later.',
    },
  },
  unreachable: { say: { es: 'No fue posible comunicarse con el destino. Por favor, intente nuevamente más tarde.', en: 'The destination could not be reached. Please try again later.' } },
  noAnswer: { say: { es: 'El destino no contesta.', en: 'There is no answer.' } },
  pleaseWait: { say: { es: 'Por favor, espere en línea.', en: 'Please hold the line.' } },
  noTransfer: { say: { es: 'No fue posible transferir la llamada.', en: 'The call could not be transferred.' } },
} as const satisfies Readonly<Record<string, Prompt>>;

/** A prompt's text in that language, else in the first one that it has. */
export function inLanguage({ say }: Prompt, language: Language): { readonly text: string; readonly language: Language } {
  const text = say[language];
  if (text !== undefined) return { text, language };
  const other = languageSchema.options.find((each) => say[each] !== undefined) ?? language;
  return { text: say[other] ?? '', language: other };
}
