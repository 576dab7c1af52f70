import type { Account } from '../../accounts/account.js';
import type { World } from '../../accounts/world.js';
import { countryOfNumber } from '../../countries/countries.js';
import type { Attributes } from '../../wire/rows.js';
import type { Line } from '../lines/line.js';
import type { VoicePlane } from '../voice-plane.js';
import type { Parameters } from '../webhooks/signature.js';
import { Call } from './call.js';

/** A call that came in, for a number or a domain. */
export interface Inbound {
  readonly account: Account;
  readonly from: string;
  readonly to: string;
  readonly line: Line;
  /** Of the number or the domain: where it says that calls are asked about. */
  readonly attributes: Attributes;
  readonly phoneNumberSid?: string;
  readonly extra: Parameters;
}

const text = (value: Attributes[string] | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const methodIn = (value: Attributes[string] | undefined): 'GET' | 'POST' => (value === 'GET' ? 'GET' : 'POST');

/** Takes a call in: its number or domain says where TwiML comes from. Without a voice URL it is dropped, and nobody is told why: so does Twilio. */
export function takeIn(plane: VoicePlane, { account, from, to, line, attributes, phoneNumberSid, extra }: Inbound): Call {
  const fallback = text(attributes['voice_fallback_url']);
  const call = new Call(
    {
      account,
      direction: 'inbound',
      from,
      to,
      extra,
      ...(phoneNumberSid === undefined ? {} : { phoneNumberSid }),
      ...(fallback === undefined ? {} : { fallback: { url: fallback, method: methodIn(attributes['voice_fallback_method']) } }),
    },
    line,
  );
  plane.calls.add(call);
  const status = text(attributes['status_callback'] ?? attributes['voice_status_callback_url']);
  const statusMethod = methodIn(attributes['status_callback_method'] ?? attributes['voice_status_callback_method']);
  // Of a number and of a domain only the end is told.
  if (status !== undefined) plane.callbacks.follow(call, { url: status, method: statusMethod, events: new Set(['completed']) });
  const url = account.isActive ? text(attributes['voice_url']) : undefined;
  if (url === undefined) {
    call.trouble = 'no voice URL, or the account is suspended: the call is dropped without a word';
    call.refuse('failed', 404);
  } else plane.run(call, { url, method: methodIn(attributes['voice_method']), why: 'voice' });
  return call;
}

/** Who takes the calls to a number, and where they are asked about: at its application when it points at one. Nothing when nobody at Twilio has it. */
export function numberNamed(world: World, e164: string): Pick<Inbound, 'account' | 'attributes' | 'phoneNumberSid'> | undefined {
  const account = world.ownerOfNumber(e164);
  const number = account?.numbers.having('phone_number', e164);
  if (account === undefined || number === undefined) return undefined;
  const application = account.applications.get(text(number.attributes['voice_application_sid']) ?? '');
  return { account, attributes: (application ?? number).attributes, phoneNumberSid: number.sid };
}

/** Geography that Twilio adds, empty where it knows nothing. */
export function placesOf(from: string, to: string): Parameters {
  const countryOf = (number: string): string => countryOfNumber(number)?.iso ?? '';
  const place = (who: string, number: string): Parameters => ({
    [`${who}City`]: '',
    [`${who}State`]: '',
    [`${who}Zip`]: '',
    [`${who}Country`]: countryOf(number),
  });
  return { ...place('From', from), ...place('Caller', from), ...place('To', to), ...place('Called', to) };
}
