import { createHash } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import type { RestApi } from '../rest-api.js';
import type { Row, Rows } from '../wire/rows.js';
import type { Deed, DeedWhat } from './deed.js';

interface Call {
  /** Under the account; a place with a host when it isn't there. */
  readonly place: string;
  readonly method: 'POST' | 'DELETE';
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Does by the same rules as the API what somebody does by hand, and has the audit log say that it was them.
 * @throws Error with Twilio's refusal, or when there is nothing of that name
 */
export function performDeed(deed: Deed, world: World, api: RestApi): void {
  const account = deed.account === undefined ? world.main : world.account(deed.account);
  if (account === undefined) throw new Error(`byHand: there is no account ${deed.account}`);
  const { place, method, form } = callOf(deed.do, account, world);
  const whole = place.startsWith('/') ? `api.twilio.com/2010-04-01/Accounts/${account.sid}${place}.json` : place;
  const console = deed.from === 'console';
  const sid = `${console ? 'US' : 'AC'}${createHash('md5').update(deed.who).digest('hex')}`;
  const actor = { sid: console ? sid : account.sid, type: console ? 'user' : 'account', source: console ? 'web' : 'api', ip: deed.ip } as const;
  const { status, body } = seeingAll(world, () => api.perform({ method, place: whole, query: new URLSearchParams(), form: new URLSearchParams(form) }, account, actor));
  if (status >= 400) throw new Error(`byHand: ${method} ${whole}: ${status} ${JSON.stringify(body)}`);
}

/** Whoever works by hand waits until what they made is to be seen; deeds that follow each other don't. */
function seeingAll<T>(world: World, act: () => T): T {
  const { hiddenMs } = world;
  world.hiddenMs = 0;
  try {
    return act();
  } finally {
    world.hiddenMs = hiddenMs;
  }
}

function callOf(what: DeedWhat, account: Account, world: World): Call {
  if ('countries' in what) return { place: 'voice.twilio.com/v1/DialingPermissions/BulkCountryUpdates', method: 'POST', form: { UpdateRequest: JSON.stringify(what.countries) } };
  if ('mapping' in what) return mappingCall(what, account);
  if ('number' in what) {
    if (what.verb === 'add') world.market.put([{ phoneNumber: what.number, country: 'CL', type: 'Local', locality: '', addressRequirements: 'none', bundleRequired: false }]);
    return call('/IncomingPhoneNumbers', what, 'PhoneNumber', what.number, () => named(account.numbers, 'phone_number', what.number));
  }
  if ('domain' in what) return call('/SIP/Domains', what, 'DomainName', what.domain, () => named(account.domains, 'domain_name', what.domain));
  const list = (): Row => named(account.lists, 'friendly_name', what.list);
  if (!('username' in what)) return call('/SIP/CredentialLists', what, 'FriendlyName', what.list, list);
  const { sid } = list();
  return call(`/SIP/CredentialLists/${sid}/Credentials`, what, 'Username', what.username, () => named(account.credentialsOf(sid), 'username', what.username));
}

function call(all: string, { verb, with: parameters }: Extract<DeedWhat, { readonly with: unknown }>, key: string, name: string, row: () => Row): Call {
  if (verb === 'add') return { place: all, method: 'POST', form: { [key]: name, ...parameters } };
  return { place: `${all}/${row().sid}`, method: verb === 'set' ? 'POST' : 'DELETE', form: parameters };
}

function mappingCall({ verb, mapping, domain, list }: Extract<DeedWhat, { readonly mapping: unknown }>, account: Account): Call {
  const { sid } = named(account.domains, 'domain_name', domain);
  const parameter = mapping === 'addresses' ? 'IpAccessControlListSid' : 'CredentialListSid';
  const { sid: listSid } = named(mapping === 'addresses' ? account.addressLists : account.lists, 'friendly_name', list);
  const all = `/SIP/Domains/${sid}/Auth/${mapping === 'registrations' ? 'Registrations' : 'Calls'}/${parameter.replace('Sid', 'Mappings')}`;
  return verb === 'add' ? { place: all, method: 'POST', form: { [parameter]: listSid } } : { place: `${all}/${listSid}`, method: 'DELETE' };
}

function named(rows: Rows, attribute: string, name: string): Row {
  const row = rows.having(attribute, name);
  if (row === undefined) throw new Error(`byHand: there is nothing whose ${attribute} is ${name}`);
  return row;
}
