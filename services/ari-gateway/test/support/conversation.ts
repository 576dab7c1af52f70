import type { CallView } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { expect } from 'vitest';
import type { GatewayLab } from './gateway-lab.js';

/** One end of a call, as a test hears and speaks through it. */
export type Party = SipPhone['activeCalls'][number];

export interface Conversation {
  readonly callId: string;
  readonly caller: Party;
  readonly person: Party;
}

/** One phone calls another one of its tenant, which answers. */
export async function converse(lab: GatewayLab, from: SipPhone, to: SipPhone, extension: string): Promise<Conversation> {
  const known = lab.begunBy(from).length;
  const ringing = to.nextCall({ timeoutMs: 15_000 });
  const caller = await from.call(extension);
  const person = await ringing;
  await person.answer();
  await caller.answered();
  const callId = await eventually('the call is told of', () => lab.begunBy(from)[known]);
  await eventually('the two are connected', async () => (await lab.call(callId)).at === 'talking');
  await hears(person, caller, 900);
  return { callId, caller, person };
}

/** The person of a call asks somebody else first, at 203, who answers and hears them. */
export async function consult(lab: GatewayLab, { callId, person }: Conversation, phone: SipPhone): Promise<Party> {
  await verb(lab, callId, 'warm-transfer', { extension: '203' });
  const target = await phone.nextCall();
  await target.answer();
  await hears(target, person, 1_500);
  return target;
}

/** One party speaks, and the others hear it. */
export async function hears(listener: Party | readonly Party[], speaker: Party, hz: number): Promise<void> {
  const listeners = Array.isArray(listener) ? (listener as readonly Party[]) : [listener as Party];
  const playing = speaker.playTone(hz, 4_000);
  await Promise.all(listeners.map((each) => each.heard.waitForTone(hz, { timeoutMs: 6_000 })));
  speaker.stopPlaying();
  await playing;
}

/** One party speaks, and of it nothing arrives: shown by a second listener who hears it, or after a fixed time of speech. */
export async function isDeaf(listener: Party, speaker: Party, hz: number, witness?: Party): Promise<void> {
  const from = performance.now();
  const playing = speaker.playTone(hz, witness ? 4_000 : 700);
  if (witness) await witness.heard.waitForTone(hz, { timeoutMs: 6_000, forMs: 300 });
  else await playing;
  speaker.stopPlaying();
  await playing;
  const heard = listener.heard.between(from);
  expect(heard.length === 0 || listener.heard.toneRatio(hz, from) < 0.1 || heard.every((frame) => frame.dbfs < -45)).toBe(true);
}

/** Music, or anything else that isn't silence. */
export const hearsMusic = (party: Party): Promise<unknown> => party.heard.waitForVoice({ timeoutMs: 6_000, forMs: 100 });

/** The answer to a verb that must succeed. */
export function verb<T = CallView>(lab: GatewayLab, callId: string, path: string, body: object = {}, method = 'POST'): Promise<T> {
  return lab.api().expect<T>(method, `/api/calls/${callId}/${path}`, method === 'DELETE' ? undefined : body);
}

/** A verb that must be refused: its status, code and the facts. */
export async function refused(lab: GatewayLab, callId: string, path: string, body: object = {}, method = 'POST'): Promise<[number, string]> {
  const answer = await lab.api().send<{ code: string; detail: string }>(method, `/api/calls/${callId}/${path}`, method === 'DELETE' ? undefined : body);
  expect(answer.body.detail).toMatch(/\. \S/);
  return [answer.status, answer.body.code];
}
