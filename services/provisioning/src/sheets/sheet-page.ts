import { wordsOf } from '@troncal/device-sheets';
import type { IssuedSheet } from './issued-sheet.js';

interface PageWords {
  readonly title: string;
  readonly once: (extensions: string, until: string) => string;
  readonly button: string;
  readonly gone: Readonly<Record<string, string>>;
}

const es: PageWords = {
  title: 'Ficha de configuración de un teléfono',
  once: (extensions, until) => `Ficha de la extensión ${extensions}. Se entrega una sola vez, y hasta el ${until}. Contiene la contraseña: no comparta este enlace.`,
  button: 'Descargar la ficha',
  gone: {
    unknown_sheet: 'En esta dirección no hay ninguna ficha. Copie el enlace completo.',
    sheet_taken:
      'Este enlace ya fue usado, y sirve una sola vez. Pida uno nuevo a quien se lo envió. ' +
      'Si no lo usó nadie de ustedes, pida además que cambien la contraseña: otra persona la tiene.',
    sheet_expired: 'Este enlace venció. Pida uno nuevo a quien se lo envió.',
    sheet_revoked: 'Este enlace fue anulado. Pida uno nuevo a quien se lo envió.',
    sheet_endpoints_gone: 'La extensión de esta ficha ya no existe. Pregunte a quien le envió el enlace.',
  },
};
const en: PageWords = {
  title: 'Settings of a phone',
  once: (extensions, until) => `Sheet of extension ${extensions}. It is handed over once, until ${until}. It holds the password: don't share this link.`,
  button: 'Download the sheet',
  gone: {
    unknown_sheet: 'There is no sheet at this address. Copy the whole link.',
    sheet_taken:
      'This link was used already, and it is good for one time. Ask whoever sent it for a new one. ' +
      'If nobody of yours used it, have the password changed too: somebody else has it.',
    sheet_expired: 'This link has expired. Ask whoever sent it for a new one.',
    sheet_revoked: 'This link was revoked. Ask whoever sent it for a new one.',
    sheet_endpoints_gone: 'The extension of this sheet is no longer there. Ask whoever sent the link.',
  },
};

/**
 * The page before a sheet: says what it is, and hands it over when its button is pressed. A preview, a scanner or a second tab that only
 * reads it uses nothing up.
 */
export function offerPage({ kind, extensions, expiresAt, language }: Pick<IssuedSheet, 'kind' | 'extensions' | 'expiresAt' | 'language'>): string {
  const words = language === 'es' ? es : en;
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const which = extensions.length > 3 ? `${extensions.slice(0, 3).join(', ')}…` : extensions.join(', ');
  const how = kind === 'csv' ? '' : `\n<p>${text(wordsOf(language).how[kind])}</p>`;
  const form = `<form method="post"><button type="submit">${text(words.button)}</button></form>`;
  return page(language, words.title, `<p>${text(words.once(which, until))}</p>${how}\n${form}`);
}

/** The page in place of a sheet that can't be handed over. Without a sheet nobody knows the reader's language: both. */
export function gonePage(code: string, detail: string): string {
  const said = [es.gone[code], en.gone[code]].filter((each) => each !== undefined);
  return page('es', es.title, (said.length > 0 ? said : [detail]).map((each) => `<p>${text(each)}</p>`).join('\n'));
}

function page(language: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<style>
body { font: 1.1em/1.5 sans-serif; margin: 3em auto; max-width: 36em; padding: 0 1em; }
button { font: inherit; padding: 0.5em 1.5em; }
</style>
</head>
<body>
<h1>${text(title)}</h1>
${body}
</body>
</html>
`;
}

const text = (value: string): string => value.replaceAll(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** How a browser is to treat what it gets: a page to print is shown, everything else is saved. */
export const disposition = (isPage: boolean, fileName: string): string => `${isPage ? 'inline' : 'attachment'}; filename="${fileName}"`;
