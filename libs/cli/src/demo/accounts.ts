import { endpointViewSchema, type StackState } from '@troncal/contracts';
import { path, type ApiClient } from '../api/api-client.js';

/** A SIP account; the password is for the phone alone and never printed. */
export interface Account {
  readonly extension: string;
  readonly sipUser: string;
  readonly password: string;
}

/** The account of a demo extension: as `npm start` keeps it, else with a new password from the API (the old one stops working). */
export async function demoAccount(api: ApiClient, demo: NonNullable<StackState['demo']>, extension: string): Promise<Account> {
  const kept = demo.accounts[extension];
  if (kept !== undefined) return { extension, ...kept };
  const rotated = await api.ask({ method: 'POST', path: path('api', 'tenants', demo.tenant, 'endpoints', extension, 'rotate') }, endpointViewSchema.required({ password: true }));
  return { extension, sipUser: rotated.sipUser, password: rotated.password };
}
