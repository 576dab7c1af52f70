import { describe, expect, it } from 'vitest';
import { sharedAddress } from './trunk-addresses.js';

describe('addresses of two trunks', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.0/24'],
    ['192.0.2.0/24', '192.0.2.7/32'],
    ['192.0.0.0/16', '192.0.2.0/24'],
    ['2001:db8::1', '2001:db8::/32'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
  ])('%s meets %s', (ours, theirs) => {
    expect(sharedAddress(['198.51.100.1', ours], ['203.0.113.0/24', theirs])).toBe(ours);
  });

  it.each([
    ['192.0.2.7', '192.0.2.8'],
    ['192.0.2.0/25', '192.0.2.128/25'],
    ['0.0.0.1', '::1'],
  ])('%s does not meet %s', (ours, theirs) => {
    expect(sharedAddress([ours], [theirs])).toBeUndefined();
  });
});
