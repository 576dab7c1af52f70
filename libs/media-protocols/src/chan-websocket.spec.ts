import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioMessages, commandOf, MAX_COMMAND_BYTES, MAX_CORRELATION_ID, MediaCommandError, mediaCommands } from './chan-websocket-commands.js';
import { parseMediaEvent, reportOf } from './chan-websocket-events.js';

const start = {
  event: 'MEDIA_START',
  connection_id: 'agent',
  channel: 'WebSocket/agent/0x7f',
  channel_id: '1763700000.12',
  format: 'ulaw',
  optimal_frame_size: 160,
  ptime: 20,
  channel_variables: { leg: '7f0a' },
};

describe('events of chan_websocket', () => {
  it.each([
    [start],
    [{ event: 'DTMF_END', channel_id: 'c', digit: '#' }],
    [{ event: 'MEDIA_XOFF', channel_id: 'c' }],
    [{ event: 'MEDIA_XON' }],
    [{ event: 'STATUS', channel_id: 'c', queue_length: 42, xon_level: 800, xoff_level: 900, queue_full: false, bulk_media: false, media_paused: true }],
    [{ event: 'MEDIA_BUFFERING_COMPLETED', channel_id: 'c', correlation_id: 'x' }],
    [{ event: 'MEDIA_MARK_PROCESSED', channel_id: 'c', correlation_id: 'p1' }],
    [{ event: 'QUEUE_DRAINED', channel_id: 'c' }],
    [{ event: 'ERROR', channel_id: 'c', error_text: 'Unable to parse JSON command' }],
  ])('reads %o', (message) => {
    expect(parseMediaEvent(JSON.stringify(message))).toEqual(message);
  });

  it('keeps whole what a newer Asterisk says, and drops fields it does not know', () => {
    const message = { event: 'MEDIA_QUALITY', mos: 4.1 };
    expect(parseMediaEvent(JSON.stringify(message))).toEqual({ event: 'UNKNOWN', name: 'MEDIA_QUALITY', message });
    expect(parseMediaEvent(JSON.stringify({ event: 'toString' }))).toEqual({ event: 'UNKNOWN', name: 'toString', message: { event: 'toString' } });
    expect(parseMediaEvent(JSON.stringify({ event: 'MEDIA_XON', new_field: 1 }))).toEqual({ event: 'MEDIA_XON' });
    expect(parseMediaEvent(JSON.stringify({ ...start, channel_variables: null }))).toEqual({ ...start, channel_variables: {} });
  });

  it('names every fault of a known event', () => {
    const text = JSON.stringify({ ...start, format: 7, ptime: -20, channel_variables: [] });
    expect(parseMediaEvent(text)).toEqual({
      event: 'UNREADABLE',
      text,
      faults: ['format must be a string', 'ptime must be a whole number from 0', 'channel_variables must be an object'],
    });
  });

  it('says what to set when Asterisk speaks plain text', () => {
    const event = parseMediaEvent('MEDIA_START connection_id:agent channel:c format:ulaw optimal_frame_size:160 ptime:20');
    expect(event).toMatchObject({ event: 'UNREADABLE', faults: [expect.stringContaining('f(json)')] });
  });

  it('never throws, whatever arrives', () => {
    const odd = fc.record({ event: fc.constantFrom('STATUS', 'ERROR', 'MEDIA_START', ''), digit: fc.anything() }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), odd), (text) => {
        expect(['UNKNOWN', 'UNREADABLE']).toContain(parseMediaEvent(text).event);
      }),
    );
  });
});

describe('commands to chan_websocket', () => {
  it('writes the JSON that Asterisk 22.10.1 takes', () => {
    expect(mediaCommands.flush()).toBe('{"command":"FLUSH_MEDIA"}');
    expect(mediaCommands.mark('p1')).toBe('{"command":"MARK_MEDIA","correlation_id":"p1"}');
    expect(mediaCommands.direction('in')).toBe('{"command":"SET_MEDIA_DIRECTION","direction":"in"}');
    expect([mediaCommands.pause(), mediaCommands.proceed(), mediaCommands.hangup(), mediaCommands.answer(), mediaCommands.status(), mediaCommands.reportQueueDrained(), mediaCommands.startBuffering()]).toEqual(
      ['PAUSE_MEDIA', 'CONTINUE_MEDIA', 'HANGUP', 'ANSWER', 'GET_STATUS', 'REPORT_QUEUE_DRAINED', 'START_MEDIA_BUFFERING'].map((command) => JSON.stringify({ command })),
    );
  });

  it('keeps every command with the longest id within the 128 bytes, and refuses longer or odd ids', () => {
    const longest = 'x'.repeat(MAX_CORRELATION_ID);
    for (const text of [mediaCommands.mark(longest), mediaCommands.stopBuffering(longest)]) expect(text.length).toBeLessThanOrEqual(MAX_COMMAND_BYTES);
    for (const id of [`${longest}x`, '', 'a b', 'ñ', '"']) expect(() => mediaCommands.mark(id)).toThrow(MediaCommandError);
  });

  it('cuts audio into messages of whole frames below 65,500 bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1200 }), fc.constantFrom(160, 320, 960), (frames, frameBytes) => {
        const bytes = new Uint8Array(frames * frameBytes);
        const sizes = audioMessages(bytes, frameBytes).map((message) => message.length);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes.length);
        expect(sizes.every((size) => size > 0 && size <= 65_500 && size % frameBytes === 0)).toBe(true);
      }),
    );
    expect(() => audioMessages(new Uint8Array(230), 160)).toThrow(/230 bytes are no multiple of the frame's 160/);
    expect(() => audioMessages(new Uint8Array(0), 0)).toThrow(MediaCommandError);
  });
});

describe('the seam of both kinds of leg', () => {
  it('says every order in words of chan_websocket', () => {
    expect([commandOf({ kind: 'mark', mark: 'p1' }), commandOf({ kind: 'flush' }), commandOf({ kind: 'pause' }), commandOf({ kind: 'proceed' })]).toEqual([
      mediaCommands.mark('p1'), mediaCommands.flush(), mediaCommands.pause(), mediaCommands.proceed(),
    ]);
  });

  it('reports what concerns the caller, and nothing else', () => {
    const events = [{ event: 'MEDIA_MARK_PROCESSED', correlation_id: 'p1' }, { event: 'MEDIA_XOFF' }, { event: 'MEDIA_XON' }, { event: 'DTMF_END', digit: '7' }, { event: 'QUEUE_DRAINED' }, start];
    expect(events.map((event) => reportOf(parseMediaEvent(JSON.stringify(event))))).toEqual([{ kind: 'played', mark: 'p1' }, { kind: 'full' }, { kind: 'room' }, { kind: 'digit', digit: '7' }, undefined, undefined]);
  });
});
