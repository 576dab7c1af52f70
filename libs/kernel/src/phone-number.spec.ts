import { describe, expect, it } from 'vitest';
import { formatNumber, isE164, maskNumber, parseE164, readNumber } from './phone-number.js';

describe('phone numbers', () => {
  it.each([
    ['+56 9 8765 4321', undefined, '+56987654321'],
    ['9 8765 4321', 'CL', '+56987654321'],
    ['(2) 2345 6789', 'CL', '+56223456789'],
    ['0056223456789', 'CL', '+56223456789'],
    ['+1 415 555 2671', undefined, '+14155552671'],
  ])('reads %s dialled from %s', (text, country, expected) => {
    expect(parseE164(text, country)).toBe(expected);
  });

  it.each(['', 'hola', '+56', '12', '+999999999999999999', '9 8765 4321'])('refuses %j with a reason', (text) => {
    expect(readNumber(text)).toBeUndefined();
    expect(() => parseE164(text)).toThrow(/not a possible phone number/);
  });

  it('knows country and class', () => {
    expect(readNumber('+56987654321')).toEqual({ e164: '+56987654321', country: 'CL', type: 'FIXED_LINE_OR_MOBILE' });
  });

  it('masks all but country code and the last four digits', () => {
    expect(maskNumber('+56987654321')).toBe('+56*****4321');
    expect(maskNumber('987654321')).toBe('*****4321');
    expect(maskNumber('100')).toBe('100');
  });

  it('never puts a full number into its error', () => {
    expect(() => parseE164('+56 9 8765 43210000')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('8765') }));
  });

  it('formats for people', () => {
    expect(formatNumber('+56987654321')).toBe('+56 9 8765 4321');
    expect(isE164('+56987654321')).toBe(true);
    expect(isE164('56987654321')).toBe(false);
  });
});
