import type { IssuedSheetView } from '@troncal/contracts';
import { table } from '../output/table.js';
import type { Session } from '../session.js';

/** A link and whose it is: extensions are a tenant's own, and several tenants' links may be in one table. */
export interface SheetLink extends IssuedSheetView {
  readonly tenant: string;
}

/** Links of a tenant that can be opened: a service without a public address answers paths, which hold where we asked. */
export function wholeLinks(session: Session, tenant: string, sheets: readonly IssuedSheetView[]): SheetLink[] {
  const { url } = session.context.api();
  const absolute = (link: string): string => (link.startsWith('/') ? new URL(link, url()).href : link);
  return sheets.map((sheet) => ({ tenant, ...sheet, url: absolute(sheet.url), deviceUrl: sheet.deviceUrl === null ? null : absolute(sheet.deviceUrl) }));
}

/** Links for people, which they see once. */
export function linksText(sheets: readonly SheetLink[]): string {
  const shown = table(
    sheets,
    [
      { title: 'TENANT', value: ({ tenant }) => tenant },
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
