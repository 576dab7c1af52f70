import { describe, expect, it } from 'vitest';
import type { DesiredAddressList, ObservedAddresses } from './address-list.js';
import { planAddresses } from './plan-addresses.js';

const name = 'Troncal communities';
const office = { ip: '203.0.113.0', bits: 24 };
const plant = { ip: '198.51.100.7', bits: 32 };
const wanted: DesiredAddressList = { name, addresses: [office, plant] };
const there: ObservedAddresses = { list: { sid: 'AL1', name, mapped: true, addresses: [{ sid: 'IP1', ...office }, { sid: 'IP2', ...plant }] }, others: ['somebody else’s'] };
const list = there.list!;
const none: ObservedAddresses = { list: undefined, others: [] };

describe('the plan of addresses that calls may come from', () => {
  it.each<readonly [string, DesiredAddressList, ObservedAddresses, boolean, readonly unknown[]]>([
    ['nothing where all is as declared', wanted, there, false, []],
    ['a list that is mapped once all is in it', wanted, none, true, [
      ['create-address-list', `addresses:${name}`],
      ['add-address', 'address:203.0.113.0/24', `addresses:${name}`],
      ['add-address', 'address:198.51.100.7/32', `addresses:${name}`],
      ['map-address-list', `mapping:${name}/addresses`, 'domain', `addresses:${name}`, 'address:203.0.113.0/24', 'address:198.51.100.7/32'],
    ]],
    ['one that goes after one that comes', { name, addresses: [{ ...office, ip: '192.0.2.0' }, plant] }, there, false, [
      ['add-address', 'address:192.0.2.0/24'], ['remove-address', 'address:203.0.113.0/24', 'address:192.0.2.0/24'],
    ]],
    ['a network that became larger', { name, addresses: [{ ...office, bits: 16 }, plant] }, there, false, [['change-address', 'address:203.0.113.0/16']]],
    ['what somebody has taken away', wanted, { ...there, list: { ...list, mapped: false, addresses: list.addresses.slice(1) } }, false, [
      ['add-address', 'address:203.0.113.0/24'], ['map-address-list', `mapping:${name}/addresses`, 'address:203.0.113.0/24'],
    ]],
    ['the end of a list, unmapped first', { name, addresses: [] }, there, false, [['unmap-address-list', `mapping:${name}/addresses`], ['remove-address-list', `addresses:${name}`, `mapping:${name}/addresses`]]],
    ['the end of a list that is not mapped', { name, addresses: [] }, { ...there, list: { ...list, mapped: false } }, false, [['remove-address-list', `addresses:${name}`]]],
    ['nothing where none is wanted and none there', { name, addresses: [] }, none, false, []],
  ])('has %s', (_, desired, observed, newDomain, expected) => {
    expect(planAddresses(desired, observed, newDomain).map(({ key, action, after }) => [action.do, key, ...after])).toEqual(expected);
  });
});
