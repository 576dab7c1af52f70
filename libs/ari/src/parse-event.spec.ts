import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from './parse-event.js';

const stamp = { application: 'troncal', timestamp: '2026-01-01T00:00:00.000+0000' };

describe('an event message', () => {
  it('is known by its type when it has what the documents promise', () => {
    const text = JSON.stringify({ type: 'ChannelDtmfReceived', digit: '0', duration_ms: 100, channel: { id: 'c1' }, ...stamp, extra: 1 });
    const { event, complaint } = parseEvent(text);
    expect(complaint).toBeUndefined();
    expect(event?.type).toBe('ChannelDtmfReceived');
  });

  it('of a later Asterisk is kept whole and is no complaint', () => {
    const original = { type: 'ChannelSneezed', channel: { id: 'c1' }, loud: true };
    expect(parseEvent(JSON.stringify(original))).toEqual({ event: { type: 'unrecognised', originalType: 'ChannelSneezed', original } });
  });

  it('without a promised field is kept, and complained of with the field’s name', () => {
    const { event, complaint } = parseEvent(JSON.stringify({ type: 'StasisStart', channel: { id: 'c1' }, ...stamp }));
    expect(event).toMatchObject({ type: 'unrecognised', originalType: 'StasisStart' });
    expect(complaint).toContain('args (array)');
  });

  it.each(['', 'null', '[]', '5', '{"type":5}', '{"no":"type"}', '{"type":"StasisStart"', '{"type":"constructor"}', '{"type":"__proto__"}'])('that is junk (%s) never throws', (text) => {
    const { event, complaint } = parseEvent(text);
    expect(event === undefined ? complaint : event.type).toBeTruthy();
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.record({ type: fc.constantFrom('StasisStart', 'Dial', 'x'), channel: fc.anything() }).map((value) => JSON.stringify(value))), (text) => {
        const { event, complaint } = parseEvent(text);
        expect(event !== undefined || complaint !== undefined).toBe(true);
      }),
    );
  });
});
