import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmiParser } from './ami-parser.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const fieldName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,11}$/);
// Values of real life: colons, accents, emoji (four bytes each), but no line ends.
const fieldValue = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '').trim());
const message = fc.array(fc.tuple(fieldName, fieldValue), { minLength: 1, maxLength: 6 });

describe('the AMI parser', () => {
  it('gives the same messages however the bytes were split', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 12 }), fc.constantFrom('\r\n', '\n'), (messages, cuts, end) => {
        const stream = bytes(`Asterisk Call Manager/11.0.0${end}${messages.map((fields) => fields.map(([name, value]) => `${name}: ${value}${end}`).join('') + end).join('')}`);
        const parser = new AmiParser();
        const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b);
        const found = places.slice(1).flatMap((place, index) => parser.push(stream.subarray(places[index], place)));
        expect(found.map((one) => one.fields)).toEqual(messages);
      }),
    );
  });

  it('survives junk and finds the next message', () => {
    const parser = new AmiParser();
    expect(parser.push(bytes('\u0000\u0001garbage\r\n: no name\r\n\r\n\r\nEvent: Fine\r\n\r\n')).map((one) => one.event)).toEqual(['Fine']);
  });

  it('finds names without regard to case, and every value of a repeated one', () => {
    const [one] = new AmiParser().push(bytes('event: X\r\nVariable: a=1\r\nVARIABLE: b=2\r\n\r\n'));
    expect(one?.get('Event')).toBe('X');
    expect(one?.all('variable')).toEqual(['a=1', 'b=2']);
  });

  it('gives up on a message without end instead of eating all memory', () => {
    const parser = new AmiParser();
    expect(() => {
      for (let sent = 0; sent < 40; sent += 1) parser.push(Buffer.alloc(64 * 1024, 'x'));
    }).toThrow(RangeError);
  });
});
