import { createHash, createHmac } from 'node:crypto';

/** Namespace of all ids made of Twilio's (RFC 9562 section 5.5). Never changes: every replica, and every later version, must make the same ids. */
const NAMESPACE = Buffer.from('6c1c7d5e0f4b4b6e9b1d2f6a58c3e704', 'hex');

/** Our id of what Twilio knows by a SID: a UUID of version 5, the same on every replica, so that no table is needed to find it again. */
const idOf = (name: string): string => uuidOf(createHash('sha1').update(NAMESPACE).update(name).digest(), 0x50);

function uuidOf(digest: Buffer, version: number): string {
  const bytes = digest.subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The call of a parent CallSid: the caller's own leg at Twilio. */
export function callIdOf(callSid: string): string {
  return idOf(`call:${callSid}`);
}

/** A leg by its own CallSid; the caller's own leg too. */
export function legIdOf(callSid: string): string {
  return idOf(`leg:${callSid}`);
}

/**
 * The leg of an AI agent, which has no CallSid of its own: one per step of a call's flow, the same when Twilio asks twice. It is the only key to a public socket, so it
 * can't be made out of a CallSid without the account's secret (a UUID of version 8).
 */
export function agentLegIdOf(callSid: string, step: number, secret: string): string {
  return uuidOf(createHmac('sha256', secret).update(`agent:${callSid}:${step}`).digest(), 0x80);
}
