import type { DeviceOutcome, Language, ManualStep } from '@troncal/contracts';
import { printable } from '../output/printable.js';
import type { Style } from '../output/style.js';

type Step<D extends ManualStep['do']> = Extract<ManualStep, { readonly do: D }>;
type Words = { readonly [D in ManualStep['do']]: (step: Step<D>, tenant: string) => string } & { readonly title: string };

/** What GDMS's API can't do, as its console calls it. Source: Grandstream's user guide of GDMS; the menus' names may differ by version. */
const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'What is left for you to do in GDMS’s console, as its API can’t',
    'add-device': ({ mac, why }) => `${mac}: VoIP Device > Add device, with the serial number of its label (${why}).`,
    'move-device': ({ mac, from, to }) => `${mac}: it is in the site ${from}; move it to the site ${to}.`,
    'bind-account': ({ mac, extension, username, server }, tenant) => `${mac}: VoIP Account > add the account ${username} at ${server} (extension ${extension}; its password: troncal credentials reveal ${extension} --tenant ${tenant}), and assign it to this device.`,
    'assign-template': ({ mac, model }, tenant) => `${mac}: Template > By model ${model}, with the settings of its sheet (troncal sheets issue ${tenant} --kind grandstream): PCMU, then PCMA, expiry, STUN off; and assign it.`,
  },
  es: {
    title: 'Lo que le queda por hacer en la consola de GDMS, porque su API no lo puede hacer',
    'add-device': ({ mac, why }) => `${mac}: VoIP Device > Add device, con el número de serie de su etiqueta (${why}).`,
    'move-device': ({ mac, from, to }) => `${mac}: está en el sitio ${from}; muévalo al sitio ${to}.`,
    'bind-account': ({ mac, extension, username, server }, tenant) => `${mac}: VoIP Account > agregue la cuenta ${username} en ${server} (anexo ${extension}; su clave: troncal credentials reveal ${extension} --tenant ${tenant}) y asígnela a este equipo.`,
    'assign-template': ({ mac, model }, tenant) => `${mac}: Template > By model ${model}, con los ajustes de su ficha (troncal sheets issue ${tenant} --kind grandstream): PCMU, luego PCMA, expiración, STUN apagado; y asígnela.`,
  },
};

/** The steps that a person has to take, once each; nothing when there are none. */
export function manualText(steps: readonly ManualStep[], tenant: string, language: Language): string {
  const words = WORDS[language];
  const lines = new Set(steps.map((step) => inWords(words, step, tenant)));
  return lines.size === 0 ? '' : `\n${words.title}\n${[...lines].map((line) => `  ${printable(line)}\n`).join('')}`;
}

function inWords(words: Words, step: ManualStep, tenant: string): string {
  switch (step.do) {
    case 'add-device':
      return words['add-device'](step, tenant);
    case 'move-device':
      return words['move-device'](step, tenant);
    case 'bind-account':
      return words['bind-account'](step, tenant);
    case 'assign-template':
      return words['assign-template'](step, tenant);
  }
}

const MARKS: Readonly<Record<DeviceOutcome['outcome'], '✓' | '✗' | '·'>> = { added: '✓', there: '✓', rebooted: '✓', refused: '✗', unknown: '✗', 'by-hand': '·', 'not-online': '·', 'left-alone': '·' };

/** One line: `  ✓ 201 00:0b:82:11:22:33 GRP2612: added. It is at GDMS now, in Default.` */
export function outcomeLine({ mac, model, extensions, outcome, says }: DeviceOutcome, style: Style): string {
  const mark = MARKS[outcome];
  const paint = { '✓': style.good, '✗': style.bad, '·': style.warn }[mark];
  return `  ${paint(mark)} ${printable(`${extensions.join(', ')} ${mac} ${model}: ${outcome.replaceAll('-', ' ')}. ${says}`)}\n`;
}

/** Whether anything went otherwise than it was asked for. */
export const isAmiss = ({ outcome }: DeviceOutcome): boolean => outcome === 'refused' || outcome === 'unknown';
