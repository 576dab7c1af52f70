/** Languages of Twilio's SDK 6.2.0. There is no es-CL among them. */
const LANGUAGES = new Set(
  (
    'af-ZA am-ET ar-AE ar-XA arb bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR en-AU en-CA en-GB en-GB-WLS en-IE en-IN en-NZ en-US ' +
    'en-ZA es-ES es-MX es-US fi-FI fil-PH fr-CA fr-FR fr-BE gu-IN he-IL hi-IN hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN mr-IN ms-MY nb-NO ' +
    'nl-BE nl-NL pa-IN pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN yue-HK zh-CN zh-HK zh-TW'
  ).split(' '),
);
/** Polly's voices in the languages that are spoken here; of the others only the name's form is looked at. */
const POLLY: Readonly<Record<string, readonly string[]>> = {
  'es-MX': ['Mia', 'Andres'],
  'es-US': ['Lupe', 'Pedro', 'Miguel', 'Penelope'],
  'es-ES': ['Conchita', 'Enrique', 'Lucia', 'Sergio', 'Alba', 'Raul'],
  'en-US': ['Joanna', 'Matthew', 'Salli', 'Kendra', 'Kimberly', 'Ivy', 'Justin', 'Joey', 'Kevin', 'Ruth', 'Stephen', 'Danielle', 'Gregory'],
  'en-GB': ['Amy', 'Emma', 'Brian', 'Arthur'],
};
const KNOWN = new Map(Object.entries(POLLY).flatMap(([language, names]) => names.map((name) => [name, language] as const)));

/** The language that is spoken, or what is wrong with the pair. */
export function spokenLanguage(voice: string | undefined, language: string | undefined): { readonly language: string } | { readonly fault: string } {
  if (language !== undefined && !LANGUAGES.has(language)) return { fault: `Invalid language ${language}` };
  if (voice === undefined || voice === 'man' || voice === 'woman') return { language: language ?? 'en-US' };
  const own = languageOf(voice);
  if (own === undefined) return { fault: `Invalid voice ${voice}` };
  if (own !== '' && language !== undefined && language !== own) return { fault: `Voice ${voice} doesn't speak ${language}` };
  return { language: language ?? (own === '' ? 'en-US' : own) };
}

/** The language of a voice; empty when it isn't known here, undefined when there is no such voice. */
function languageOf(voice: string): string | undefined {
  const google = /^Google\.([a-z]{2,3}-[A-Z]{2})-[\w-]+$/.exec(voice);
  if (google !== null) return google[1];
  const polly = /^Polly\.([A-Z][a-z]+)(?:-(?:Neural|Generative))?$/.exec(voice);
  return polly === null ? undefined : (KNOWN.get(polly[1]!) ?? '');
}
