import { CallEndedV1, CallStartedV1, ConversationStartedV1, TicketOpenedV1 } from '@troncal/contracts';
import { newCallId } from '@troncal/kernel';
import { eventually } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BusLab } from '../../test/bus-lab.js';
import { tailEvents, type SeenEvent, type Tail, type TailOptions } from './tail-events.js';

let lab: BusLab;
let tail: Tail | undefined;
let seen: SeenEvent[];

beforeEach(async () => {
  lab = await BusLab.open();
  seen = [];
});
afterEach(async () => {
  await tail?.stop();
  await lab?.close();
});

async function start(options: TailOptions = {}): Promise<void> {
  tail = await tailEvents(lab.nats.observer, (event) => seen.push(event), options);
  await tail.started;
}

describe('tailing the bus', () => {
  it('shows new events of every domain, each with where it stands', async () => {
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await start();
    const call = newCallId();
    await lab.send(CallStartedV1, { subject: call, sequence: 1 });
    await lab.send(TicketOpenedV1, { subject: 'T-1', sequence: 1 });
    await eventually('both are seen', () => seen.length === 2);
    expect(seen.map((event) => event.envelope.subject).toSorted()).toEqual(['T-1', call].toSorted());
    expect(seen.find((event) => event.stream === 'EVT_CALLS')).toMatchObject({ streamSequence: 2, subject: 'evt.demo.calls.CallStarted.v1' });
  });

  it('shows earlier ones when asked since when', async () => {
    const since = new Date(Date.now() - 60_000);
    await lab.send(CallStartedV1, { subject: 'a', sequence: 1 });
    await start({ since, domains: ['calls'] });
    await eventually('it is seen', () => seen.length === 1);
    expect(seen[0]?.envelope.subject).toBe('a');
  });

  it('neither misses nor repeats any over a restart of the server', async () => {
    await start({ domains: ['calls'] });
    await lab.send(CallStartedV1, { subject: 'a', sequence: 1 });
    await eventually('the first is seen', () => seen.length === 1);
    await lab.nats.kill();
    await lab.nats.restart();
    await eventually("the lab's own connection is back", async () => (await lab.manager.streams.info('EVT_CALLS')).state.messages === 1);
    await lab.send(CallEndedV1, { subject: 'a', sequence: 2 });
    await eventually('the second is seen', () => seen.length === 2, 20_000);
    expect(seen.map((event) => event.envelope.sequence)).toEqual([1, 2]);
  });

  it('tells of messages that are no events, and goes on', async () => {
    const troubles: string[] = [];
    await start({ domains: ['calls'], onTrouble: (text) => troubles.push(text) });
    await lab.manager.jetstream().publish('evt.demo.calls.CallStarted.v1', 'junk');
    await lab.send(CallStartedV1, { subject: 'a', sequence: 1 });
    await eventually('the good one is seen', () => seen.length === 1);
    expect(troubles).toEqual(['Message 1 of EVT_CALLS is no event.']);
  });

  it('takes up a stream that is made later', async () => {
    await lab.manager.streams.delete('EVT_VOICE');
    await start({ domains: ['voice', 'calls'] });
    await lab.manager.streams.add({ name: 'EVT_VOICE', subjects: ['evt.*.voice.>'] });
    await lab.send(ConversationStartedV1, { subject: 'c', sequence: 1 });
    await eventually('it is seen', () => seen.length === 1);
    expect(seen[0]?.stream).toBe('EVT_VOICE');
  });
});
