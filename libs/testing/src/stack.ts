import { readFile } from 'node:fs/promises';
import { stackStateSchema, type StackState } from '@troncal/contracts';
import { inject } from 'vitest';
import { ApiClient } from './api-client.js';

/** The running Troncal that a stack suite speaks to. */
export interface Stack {
  /** Read afresh: pids change when a part is replaced. */
  state(): Promise<StackState>;
  /** The HTTP API with the administrator’s key. */
  readonly api: ApiClient;
}

/** Opens the stack that the global set-up started; every stack suite begins with it. */
export async function openStack(): Promise<Stack> {
  const file = inject('stateFile');
  const state = async (): Promise<StackState> => stackStateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const first = await state();
  const key = (await readFile(first.http.apiKeyFile, 'utf8')).trim();
  return { state, api: new ApiClient(first.http.url, key) };
}
