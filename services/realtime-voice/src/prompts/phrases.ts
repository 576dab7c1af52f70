/** What the scripted engine says, in the languages of the platform. */
const PHRASES = {
  es: {
    sorry: 'Disculpe, tenemos un problema técnico con el asistente. Pulse cero para hablar con una persona.',
    offer: 'El asistente no está disponible en este momento. Pulse cero para hablar con una persona.',
    connecting: 'Le paso con una persona.',
    nobody: 'Ahora no hay nadie que pueda atenderle. Por favor, espere o vuelva a llamar más tarde.',
  },
  en: {
    sorry: 'Sorry, our assistant has a technical problem. Press zero to speak to a person.',
    offer: 'The assistant is not available at the moment. Press zero to speak to a person.',
    connecting: 'I am connecting you to a person.',
    nobody: 'Nobody can take your call right now. Please hold, or call again later.',
  },
} as const;

export type Phrase = keyof (typeof PHRASES)['es'];

/** A phrase in a language; English for one we don't speak. */
export const phrase = (name: Phrase, language: string): string => (language === 'es' ? PHRASES.es : PHRASES.en)[name];

/** All phrases of a language, to have them rendered ahead. */
export const phrasesOf = (language: string): readonly string[] => Object.values(language === 'es' ? PHRASES.es : PHRASES.en);
