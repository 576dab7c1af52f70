import { languageSchema, speaks, type Language, type Locale, type Prompt, type Route } from '@troncal/contracts';
import type { Spoken } from './flow-action.js';

/** What a caller is spoken to in: the language, and how it is spoken where somebody chose that. */
export interface SpokenIn {
  readonly language: Language;
  readonly locale?: Locale | undefined;
}

/** How a prompt is said: in the language chosen, else in the first one that it has. A locale counts where it is one of that language: the chosen one, else the route's. */
export function spoken(prompt: Prompt, chosen: SpokenIn, route: Pick<Route, 'locale'>): Spoken {
  const language = prompt.say[chosen.language] === undefined ? (languageSchema.options.find((each) => each === Object.keys(prompt.say)[0]) ?? chosen.language) : chosen.language;
  const locale = [chosen.locale, route.locale].find((each) => each !== undefined && speaks(each, language));
  const voice = prompt.voice?.[language];
  return { text: prompt.say[language] ?? '', language, ...(locale === undefined ? {} : { locale }), ...(voice === undefined ? {} : { voice }) };
}

/** Everything that a route may say, in every language that it may come to: for whoever renders it before a caller needs it. */
export function allSpoken(route: Route): Spoken[] {
  const prompts = promptsOf(route);
  const languages: SpokenIn[] = [route, ...Object.values(route.nodes).filter((node) => node.kind === 'language')];
  return languages.flatMap((chosen) => prompts.map((prompt) => spoken(prompt, chosen, route)));
}

function promptsOf(route: Route): Prompt[] {
  const notice = route.recording.announcement;
  return [...(notice ? [notice] : []), ...Object.values(route.nodes).flatMap((node) => [
    ...('prompt' in node && node.prompt ? [node.prompt] : []),
    ...('invalidPrompt' in node && node.invalidPrompt ? [node.invalidPrompt] : []),
  ])];
}
