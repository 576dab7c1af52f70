import type { VoiceEdge, VoiceEndpoint, VoiceEnvironment, VoiceTenant } from '../directory/voice-tenant.js';
import { callIdOf } from '../call-id.js';
import { edgeUri, sipUri } from '../twiml/sip-uri.js';
import type { SipTarget } from '../twiml/twiml-document.js';

/** The user part at our Asterisk that takes a call over; asterisk/etc/extensions.conf, context `from-rail`. */
const HANDOVER = 'handover';

/** A call that goes on at our Asterisk, as it is told of in headers: believed there because of the password, and from nobody else. */
export interface Handover {
  /** The call on this rail. */
  readonly callSid: string;
  readonly called: string;
  readonly tenant: string;
  readonly route: string;
  /** Where in the route it goes on. */
  readonly node: string;
  readonly language: string;
}

/** A phone, wherever it registers. */
export function phoneTarget({ name, edge }: VoiceEnvironment, { domain }: Pick<VoiceTenant, 'domain'>, { rail, username }: VoiceEndpoint, callSid: string): SipTarget {
  return rail === 'asterisk' && edge ? atEdge(edge, username, { 'X-Troncal-Rail': name, 'X-Troncal-Call': callIdOf(callSid) }) : { sip: sipUri(username, domain) };
}

export function handoverTarget(environment: string, edge: VoiceEdge, { callSid, called, tenant, route, node, language }: Handover): SipTarget {
  return atEdge(edge, HANDOVER, {
    'X-Troncal-Rail': environment, 'X-Troncal-Call': callIdOf(callSid), 'X-Troncal-Called': called, 'X-Troncal-Tenant': tenant, 'X-Troncal-Route': route, 'X-Troncal-Node': node, 'X-Troncal-Language': language,
  });
}

function atEdge(edge: VoiceEdge, user: string, headers: Readonly<Record<string, string>>): SipTarget {
  const { username, password } = edge;
  return { sip: edgeUri(user, edge, headers), credentials: { username, password } };
}
