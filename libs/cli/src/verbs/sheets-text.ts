import type { IssuedSheetView } from '@troncal/contracts';
import { table } from '../output/table.js';
import type { Session } from '../session.js';

/** Links that can be opened: a service without a public address answers paths, which hold where we asked. */
export function wholeLinks(session: Session, sheets: readonly IssuedSheetView[]): IssuedSheetView[] {
  const { url } = session.context.api();
  const absolute = (link: string): string => (link.startsWith('/') ? new URL(link, url()).href : link);
  return sheets.map((sheet) => ({ ...sheet, url: absolute(sheet.url), deviceUrl: sheet.deviceUrl === null ? null : absolute(sheet.deviceUrl) }));
}

/** Links for people, which they see once. */
export function linksText(sheets: readonly IssuedSheetView[]): string {
  const shown = table(
    sheets,
    [
      { title: 'EXTENSION', value: ({ extensions }) => (extensions.length > 3 ? `${String(extensions.length)} of them` : extensions.join(', ')) },
      { title: 'KIND', value: ({ kind }) => kind },
      { title: 'GOOD UNTIL', value: ({ expiresAt }) => expiresAt.slice(0, 16).replace('T', ' ') },
      { title: 'LINK (USED ONCE, SHOWN ONLY NOW)', value: ({ url }) => url },
    ],
    'No sheets.',
  );
  const device = sheets.find(({ deviceUrl }) => deviceUrl !== null);
  return device ? `${shown}\nA device fetches its file itself below the same link: ${String(device.deviceUrl)}\n` : shown;
}
