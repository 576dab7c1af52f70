import { ok, type Asked, type Route } from './router.js';
import type { Attribute, Row, Rows } from './rows.js';
import { metaPageOf, pageOf } from './page.js';
import { notFound } from './twilio-error.js';

export interface Readable {
  /** Templates of the list and of one thing, which ends with a parameter. */
  readonly all: string;
  readonly one: string;
  /** Of the array in a page. */
  readonly key: string;
  readonly rowsOf: (asked: Asked) => Rows;
  readonly view: (asked: Asked, row: Row) => unknown;
  /** Which of them a query asks for; all unless told. */
  readonly isMeant?: (asked: Asked, row: Row) => boolean;
  /** How pages are given: `uri` in the API of 2010, `meta` in the newer ones. */
  readonly pages?: 'uri' | 'meta';
}

/** How things of one kind are listed and fetched. */
export function readingRoutes({ all, one, key, rowsOf, view, isMeant = () => true, pages = 'uri' }: Readable): Route[] {
  const list = (asked: Asked): unknown => {
    const rows = rowsOf(asked).allSeen().filter((row) => isMeant(asked, row));
    const shown = (row: Row): unknown => view(asked, row);
    return pages === 'meta' ? metaPageOf(key, asked, rows, shown) : pageOf(key, asked.path, asked.query, rows, shown);
  };
  return [
    { method: 'GET', template: all, handle: (asked) => ok(list(asked)) },
    { method: 'GET', template: one, handle: (asked) => ok(view(asked, rowAt(rowsOf(asked), asked))) },
  ];
}

/** The thing that a path ends with. @throws TwilioError 404 */
export function rowAt(rows: Rows, { path }: Asked): Row {
  const sid = /([^/]+?)(\.json)?$/.exec(path)?.[1] ?? '';
  const row = rows.seen(sid);
  if (row === undefined) throw notFound(path);
  return row;
}

/** Those whose attributes are what the query asks for; what it doesn't name doesn't count. @param names of parameters with their attributes */
export const meantBy = (names: Readonly<Record<string, string>>) => ({ query }: Asked, { attributes }: Row): boolean =>
  Object.entries(names).every(([parameter, attribute]) => !query.has(parameter) || textOf(attributes[attribute]) === query.get(parameter));

const textOf = (value: Attribute | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));
