import type { OutgoingCall } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { playForEver, type Answered, type People } from './people.js';
import type { Phones } from './phones.js';
import { AGENT_ROUTE, CALLER_HZ, callerExtension, memberExtension, PERSON, PERSON_HZ, QUEUE, QUEUE_ROUTE, RECORDED_ROUTE, RING_ROUTE } from './places.js';

/** One caller of the steady load, and the person it speaks with; none for the voice agent. */
export interface SteadyCall {
  readonly name: string;
  readonly extension: string;
  readonly dialled: string;
  readonly call: OutgoingCall;
  readonly person: Answered | undefined;
}

/** What a steady load of `count` is made of: two fifths with the voice agent, two fifths with a person (half of them recorded), a fifth from a queue. */
export function mixOf(count: number): readonly { readonly kind: 'agent' | 'ring' | 'recorded' | 'queue'; readonly dialled: string }[] {
  const queue = Math.floor(count / 5);
  const ring = Math.floor((count * 2) / 5);
  return Array.from({ length: count }, (_, index) => {
    if (index < queue) return { kind: 'queue', dialled: QUEUE_ROUTE };
    if (index < queue + ring) return (index - queue) % 2 === 0 ? { kind: 'ring', dialled: RING_ROUTE } : { kind: 'recorded', dialled: RECORDED_ROUTE };
    return { kind: 'agent', dialled: AGENT_ROUTE };
  });
}

/** Opens the phones of a steady load: the callers, the person, and one queue member per queued call. */
export async function openSteadyPhones(phones: Phones, people: People, count: number): Promise<void> {
  const queued = mixOf(count).filter((each) => each.kind === 'queue').length;
  const members = Array.from({ length: queued }, (_, index) => memberExtension(index));
  await phones.add([PERSON, ...Array.from({ length: count }, (_, index) => callerExtension(index))]);
  await phones.add(members, [QUEUE]);
  for (const extension of [PERSON, ...members]) people.sit(extension, phones.of(extension));
}

/** Builds the load up: each call is up, and both sides hear each other, before this resolves. */
export async function beginSteadyCalls(phones: Phones, people: People, count: number): Promise<SteadyCall[]> {
  const calls: SteadyCall[] = [];
  for (const [index, { kind, dialled }] of mixOf(count).entries()) calls.push(await begin(phones, people, { name: `${kind} ${index}`, extension: callerExtension(index), dialled }));
  await Promise.all(calls.map(hearEachOther));
  return calls;
}

async function begin(phones: Phones, people: People, { name, extension, dialled }: { readonly name: string; readonly extension: string; readonly dialled: string }): Promise<SteadyCall> {
  const call = await phones.of(extension).call(dialled);
  await call.answered({ timeoutMs: 30_000 });
  if (dialled === AGENT_ROUTE) return { name, extension, dialled, call, person: undefined };
  playForEver(call, CALLER_HZ);
  const person = await eventually(`${name} has a person`, () => people.of(extension), 30_000);
  return { name, extension, dialled, call, person };
}

async function hearEachOther({ call, person }: SteadyCall): Promise<void> {
  if (!person) {
    await call.heard.waitForVoice({ sinceMs: 0, timeoutMs: 30_000 });
    return;
  }
  await Promise.all([call.heard.waitForTone(PERSON_HZ, { sinceMs: 0, timeoutMs: 30_000 }), person.call.heard.waitForTone(CALLER_HZ, { sinceMs: 0, timeoutMs: 30_000 })]);
}
