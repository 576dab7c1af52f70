import { DOMAIN_KEY, step, type Step } from '../step.js';
import { addressListKey, cidr, type Address, type DesiredAddressList, type ObservedAddresses } from './address-list.js';

const addressKey = (address: Address): string => `address:${cidr(address)}`;
const mappingKey = (list: string): string => `mapping:${list}/addresses`;

/**
 * The difference between the addresses that calls may come from and those that they may. A list is mapped once all is in it, and loses an address once the others are there: nobody who may call is kept
 * out meanwhile. One that has to go is unmapped first; Twilio lets go of no other. Pure. @param newDomain the domain is made by the same plan
 */
export function planAddresses({ name, addresses }: DesiredAddressList, { list: there }: ObservedAddresses, newDomain: boolean): Step[] {
  if (addresses.length === 0) return there === undefined ? [] : goneSteps(name, there.mapped);
  const known = new Map(there?.addresses.map((address) => [address.ip, address]));
  const wanted = new Set(addresses.map(({ ip }) => ip));
  const list = there === undefined ? [step(addressListKey(name), { do: 'create-address-list', list: name })] : [];
  const needed = list.map(({ key }) => key);
  const entries = addresses.flatMap((address): Step[] => {
    const found = known.get(address.ip);
    if (found === undefined) return [step(addressKey(address), { do: 'add-address', list: name, address }, needed)];
    return found.bits === address.bits ? [] : [step(addressKey(address), { do: 'change-address', list: name, sid: found.sid, address })];
  });
  const complete = entries.map(({ key }) => key);
  return [
    ...list,
    ...entries,
    ...(there?.mapped === true ? [] : [step(mappingKey(name), { do: 'map-address-list', list: name }, [...(newDomain ? [DOMAIN_KEY] : []), ...needed, ...complete])]),
    ...(there?.addresses ?? []).filter(({ ip }) => !wanted.has(ip)).map(({ sid, ip, bits }) => step(addressKey({ ip, bits }), { do: 'remove-address', list: name, sid, address: { ip, bits } }, complete)),
  ];
}

function goneSteps(name: string, mapped: boolean): Step[] {
  const unmap = mapped ? [step(mappingKey(name), { do: 'unmap-address-list', list: name })] : [];
  return [...unmap, step(addressListKey(name), { do: 'remove-address-list', list: name }, unmap.map(({ key }) => key))];
}
