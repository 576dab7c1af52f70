import type { Row } from './rows.js';
import { TwilioError } from './twilio-error.js';

const DEFAULT_SIZE = 50;
const LARGEST = 1_000;

/**
 * A page of a list as the API of 2010 gives it: relative addresses, the next one to be followed as it is (its token is opaque).
 * @param key of the array @throws TwilioError 400 for a page that can't be
 */
export function pageOf(key: string, path: string, query: URLSearchParams, rows: readonly Row[], view: (row: Row) => unknown): Readonly<Record<string, unknown>> {
  const size = Number(query.get('PageSize') ?? DEFAULT_SIZE);
  const page = Number(query.get('Page') ?? 0);
  const token = query.get('PageToken');
  if (!Number.isInteger(size) || size < 1 || size > LARGEST || !Number.isInteger(page) || page < 0) throw new TwilioError(400, 20007, 'Page size or page is out of range');
  if (page > 0 && token === null) throw new TwilioError(400, 20007, 'A page after the first is reached by its next_page_uri only');
  const start = token === null ? 0 : rows.findIndex(({ sid }) => `PA${sid}` === token) + 1;
  const shown = rows.slice(start, start + size);
  const address = (number: number, after?: string): string => {
    const filters = new URLSearchParams([...query].filter(([name]) => !['Page', 'PageToken', 'PageSize'].includes(name)));
    filters.set('PageSize', String(size));
    filters.set('Page', String(number));
    if (after !== undefined) filters.set('PageToken', `PA${after}`);
    return `${path}?${filters.toString()}`;
  };
  const last = shown.at(-1);
  return {
    [key]: shown.map(view),
    page,
    page_size: size,
    start,
    end: start + Math.max(shown.length - 1, 0),
    uri: address(page),
    first_page_uri: address(0),
    next_page_uri: last !== undefined && start + size < rows.length ? address(page + 1, last.sid) : null,
    previous_page_uri: null,
  };
}

/** RFC 2822, as the API of 2010 writes times. */
export const rfc2822 = (time: Date): string => time.toUTCString().replace('GMT', '+0000');

/** What every answer about one thing has. */
export const commonView = (accountSid: string, { sid, createdAt, updatedAt, attributes }: Row): Record<string, unknown> => ({
  sid,
  account_sid: accountSid,
  date_created: rfc2822(createdAt),
  date_updated: rfc2822(updatedAt),
  ...attributes,
});
