import { describe, expect, it } from 'vitest';
import { localeIn } from './prompt.js';
import { routeSchema, type RouteInput } from './route.js';

const bye = { kind: 'hangup' } as const;

/** What a route is refused for, each with where. */
function faults(nodes: Record<string, unknown>, more: Record<string, unknown> = {}): string[] {
  const { error } = routeSchema.safeParse({ name: 'T', start: 'a', nodes, ...more });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const schedule = (given: Record<string, unknown>) => ({ a: { kind: 'schedule', hours: {}, onOpen: 'bye', onClosed: 'bye', ...given }, bye });

describe('a route', () => {
  it('may use every kind of node', () => {
    const nodes: RouteInput['nodes'] = {
      a: { kind: 'schedule', hours: { mon: ['09:00-18:00', '22:00-06:00'], sun: ['00:00-24:00'] }, dates: { '2026-12-31': [] }, holidays: { country: 'CL', dates: ['2026-11-23'] }, timeZone: 'America/Santiago', onOpen: 'm', onClosed: 'v', onHoliday: 'v' },
      m: { kind: 'menu', prompt: { say: { es: 'hola', en: 'hello' }, voice: { es: 'Polly.Mia-Neural' } }, digits: { '1': 'l', '*': 'up' }, onTimeout: 'v' },
      l: { kind: 'language', language: 'en', locale: 'en-GB', next: 'm' },
      v: { kind: 'voicemail', mailbox: '201', next: 'bye', onNothing: 'm' },
      up: { kind: 'back' },
      bye,
    };
    expect(faults(nodes, { locale: 'es-MX' })).toEqual([]);
  });

  it.each([
    ['a locale of another language', { a: bye }, { language: 'en', locale: 'es-MX' }, 'locale: "es-MX" is not a way to speak "en"'],
    ['a node’s locale of another language', { a: { kind: 'language', language: 'es', locale: 'en-US', next: 'bye' }, bye }, {}, 'nodes.a.locale: "en-US" is not a way to speak "es"'],
    ['a beginning that goes back', { a: { kind: 'back' } }, {}, 'start: a route cannot begin by going back'],
    ['a schedule that leads nowhere', schedule({ onHoliday: 'nowhere' }), {}, 'nodes.a: leads to "nowhere", which is no node'],
    ['a voicemail that leads nowhere', { a: { kind: 'voicemail', next: 'bye', onNothing: 'nowhere' }, bye }, {}, 'nodes.a: leads to "nowhere", which is no node'],
    ['hours that are none', schedule({ hours: { mon: ['9-18'] } }), {}, 'nodes.a.hours.mon.0: opening hours are HH:MM-HH:MM, e.g. 09:00-18:30; 24:00 is the end of the day'],
    ['hours beyond the day', schedule({ hours: { mon: ['09:00-24:30'] } }), {}, 'nodes.a.hours.mon.0: opening hours are HH:MM-HH:MM, e.g. 09:00-18:30; 24:00 is the end of the day'],
    ['a date that is none', schedule({ dates: { '2026-02-30': [] } }), {}, 'nodes.a.dates.2026-02-30: Invalid key in record'],
    ['a time zone that is none', schedule({ timeZone: 'Santiago' }), {}, 'nodes.a.timeZone: expected an IANA time zone, e.g. America/Santiago'],
    ['a voice without its text', { a: { kind: 'announce', prompt: { say: { es: 'hola' }, voice: { en: 'Polly.Joanna' } }, next: 'bye' }, bye }, {}, 'nodes.a.prompt.voice: a voice needs a text in its language'],
    ['a voice that would break out of TwiML', { a: { kind: 'announce', prompt: { say: { es: 'hola' }, voice: { es: 'x"/><Dial>' } }, next: 'bye' }, bye }, {}, 'nodes.a.prompt.voice.es: a voice is a name such as Polly.Mia-Neural'],
  ])('is refused for %s', (_what, nodes, more, fault) => {
    expect(faults(nodes, more)).toContain(fault);
  });
});

describe('a language without a locale', () => {
  it.each([['es', 'ES', 'es-ES'], ['es', 'CL', 'es-MX'], ['es', 'US', 'es-US'], ['en', 'CL', 'en-US'], ['en', 'GB', 'en-GB'], ['es', '', 'es-MX'], ['es', 'constructor', 'es-MX']] as const)('%s in %s is spoken as %s', (language, country, locale) => {
    expect(localeIn(language, country)).toBe(locale);
  });
});
