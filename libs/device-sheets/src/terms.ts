import type { SheetTerms } from './sheet-facts.js';

/**
 * What Twilio's SIP interface wants: a registration of 600 s (it takes 600 to 3,600), PCMU then PCMA (it speaks no G.722 there), no STUN (it
 * reaches a phone at its registered contact; keep-alive and symmetric RTP do the rest), digits by RFC 4733. Its realm was seen as
 * `sip.twilio.com`.
 */
export function twilioTerms(changes: Partial<SheetTerms> = {}): SheetTerms {
  return { ...COMMON, expirySeconds: 600, codecs: ['PCMU', 'PCMA'], realm: 'sip.twilio.com', ...changes };
}

/**
 * What our own Asterisk wants: 300 s, its default expiry, so that a phone which lost its address is back in minutes, and A-law first, as lines
 * outside North America and Japan are (ITU-T G.711).
 * @param realm the setting SIP_REALM
 */
export function asteriskTerms(realm: string, changes: Partial<SheetTerms> = {}): SheetTerms {
  return { ...COMMON, expirySeconds: 300, codecs: ['PCMA', 'PCMU'], realm, ...changes };
}

const COMMON = { transport: 'udp', srtp: 'off', stun: 'off', dtmf: 'rfc4733', keepAliveSeconds: 30, symmetricRtp: true } as const;
