import type { Envelope, EventDefinition, EventOf, Language } from '@troncal/contracts';
import { maskNumber } from '@troncal/kernel';
import { printable } from '../output/printable.js';

/** How one type of event is told, per language; without time, tenant and full stop. */
export interface Sentence {
  readonly type: string;
  say(envelope: Envelope, language: Language): string;
}

/** Tells an event from its data. */
export type Telling<TData> = (data: TData, event: EventOf<TData>) => string;

/** The sentence of an event in both languages; its data is read by the event's own definition, so that a wrong envelope can't be told. */
export function sentence<TData>(definition: EventDefinition<TData>, tellings: Readonly<Record<Language, Telling<TData>>>): Sentence {
  return {
    type: definition.type,
    say(envelope, language) {
      const event = definition.read(envelope);
      return printable(tellings[language](event.data, event));
    },
  };
}

/** The first eight characters of an id: enough to tell calls apart on a screen, and `calls show` takes them. */
export const shortId = (id: string): string => (id.length > 8 ? `${id.slice(0, 8)}…` : id);

/** A caller or number as it may stand on a screen that is photographed: extensions whole, numbers masked; nothing for an unknown one. */
export const party = (number: string | undefined, unknown: string): string => (number === undefined || number === '' ? unknown : maskNumber(number));

/** A text that may hold numbers (a SIP user's name, a step in words), with each of them masked. */
export const masked = (text: string): string => text.replaceAll(/\+\d{7,15}/g, maskNumber);
