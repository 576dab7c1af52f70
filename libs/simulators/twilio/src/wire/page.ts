import type { Row } from './rows.js';
import { TwilioError } from './twilio-error.js';

const DEFAULT_SIZE = 50;
const LARGEST = 1_000;

/** What a page's token points at. */
interface Listed {
  readonly sid: string;
}
interface Section<T> {
  readonly shown: readonly T[];
  readonly page: number;
  readonly size: number;
  readonly start: number;
  /** Path and query of this page, of the first one, and of the next one if there is any. */
  readonly here: string;
  readonly first: string;
  readonly next: string | null;
}

/**
 * A page of a list as the API of 2010 gives it: relative addresses, the next one to be followed as it is (its token is opaque).
 * @param key of the array @throws TwilioError 400 for a page that can't be
 */
export function pageOf<T extends Listed>(key: string, path: string, query: URLSearchParams, rows: readonly T[], view: (row: T) => unknown): Readonly<Record<string, unknown>> {
  const { shown, page, size, start, here, first, next } = sectionOf(path, query, rows);
  return {
    [key]: shown.map(view),
    page,
    page_size: size,
    start,
    end: start + Math.max(shown.length - 1, 0),
    uri: here,
    first_page_uri: first,
    next_page_uri: next,
    previous_page_uri: null,
  };
}

/** A page as the newer APIs give it: absolute addresses in `meta`. @param key of the array @throws TwilioError 400 for a page that can't be */
export function metaPageOf<T extends Listed>(key: string, { host, path, query }: { readonly host: string; readonly path: string; readonly query: URLSearchParams }, rows: readonly T[], view: (row: T) => unknown): Readonly<Record<string, unknown>> {
  const { shown, page, size, here, first, next } = sectionOf(path, query, rows);
  const at = (address: string): string => `https://${host}${address}`;
  return { [key]: shown.map(view), meta: { key, page, page_size: size, url: at(here), first_page_url: at(first), next_page_url: next === null ? null : at(next), previous_page_url: null } };
}

function sectionOf<T extends Listed>(path: string, query: URLSearchParams, rows: readonly T[]): Section<T> {
  const size = Number(query.get('PageSize') ?? DEFAULT_SIZE);
  const page = Number(query.get('Page') ?? 0);
  const token = query.get('PageToken');
  if (!Number.isInteger(size) || size < 1 || size > LARGEST || !Number.isInteger(page) || page < 0) throw new TwilioError(400, 20007, 'Page size or page is out of range');
  if (page > 0 && token === null) throw new TwilioError(400, 20007, 'A page after the first is reached by the address of the next one only');
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
  return { shown, page, size, start, here: address(page), first: address(0), next: last !== undefined && start + size < rows.length ? address(page + 1, last.sid) : null };
}

/** RFC 2822, as the API of 2010 writes times. */
export const rfc2822 = (time: Date): string => time.toUTCString().replace('GMT', '+0000');

/** ISO 8601 to the second, as the newer APIs write them. */
export const iso8601 = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** What every answer about one thing has. */
export const commonView = (accountSid: string, { sid, createdAt, updatedAt, attributes }: Row): Record<string, unknown> => ({
  sid,
  account_sid: accountSid,
  date_created: rfc2822(createdAt),
  date_updated: rfc2822(updatedAt),
  ...attributes,
});

/** The same in the newer APIs: `url` is where it is to be had. */
export const datedView = (accountSid: string, { sid, createdAt, updatedAt, attributes }: Row, url: string): Record<string, unknown> => ({
  sid,
  account_sid: accountSid,
  date_created: iso8601(createdAt),
  date_updated: iso8601(updatedAt),
  ...attributes,
  url,
});
