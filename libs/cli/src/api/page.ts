import type { z } from 'zod';
import type { ApiClient, ApiRequest } from './api-client.js';

/**
 * Up to `most` items of a list, page by page; `next` of one page is `after` of the following.
 * @param items takes the items out of a page
 */
export async function listAll<Page extends { readonly next?: string | undefined }, Item>(
  api: ApiClient,
  request: ApiRequest,
  page: z.ZodType<Page>,
  items: (page: Page) => readonly Item[],
  most = 1_000,
): Promise<Item[]> {
  const all: Item[] = [];
  let after: string | undefined;
  do {
    const answer = await api.ask({ ...request, query: { ...request.query, limit: Math.min(most, 200), after } }, page);
    all.push(...items(answer));
    after = answer.next;
  } while (after !== undefined && all.length < most);
  return all.slice(0, most);
}
