/** An IPv4 network. */
export interface Address {
  readonly ip: string;
  /** Leading bits that count. */
  readonly bits: number;
}

/** The list of addresses from which calls may come into the domain; with no address in it there has to be none. */
export interface DesiredAddressList {
  /** Its natural key: Twilio has at most one list of a name. */
  readonly name: string;
  readonly addresses: readonly Address[];
}

export interface ObservedAddress extends Address {
  readonly sid: string;
}

/** What says from where calls may come into a domain. */
export interface ObservedAddresses {
  /** The list of the name that was asked for. */
  readonly list: { readonly sid: string; readonly name: string; readonly addresses: readonly ObservedAddress[]; readonly mapped: boolean } | undefined;
  /** Names of other lists that are mapped to the domain: calls may come from their addresses too. */
  readonly others: readonly string[];
}

export type AddressAction =
  | { readonly do: 'create-address-list'; readonly list: string }
  | { readonly do: 'add-address'; readonly list: string; readonly address: Address }
  | { readonly do: 'change-address'; readonly list: string; readonly sid: string; readonly address: Address }
  | { readonly do: 'remove-address'; readonly list: string; readonly sid: string; readonly address: Address }
  | { readonly do: 'map-address-list'; readonly list: string }
  | { readonly do: 'unmap-address-list'; readonly list: string }
  | { readonly do: 'remove-address-list'; readonly list: string };

export const addressListKey = (list: string): string => `addresses:${list}`;
export const cidr = ({ ip, bits }: Address): string => `${ip}/${bits}`;

/** A change in words. */
export function saysOfAddresses(action: AddressAction): string {
  switch (action.do) {
    case 'create-address-list':
      return `makes the address list ${action.list}`;
    case 'add-address':
      return `adds ${cidr(action.address)} to the addresses that calls may come from`;
    case 'change-address':
      return `makes ${cidr(action.address)} of an address that calls may come from`;
    case 'remove-address':
      return `takes ${cidr(action.address)} from the addresses that calls may come from`;
    case 'map-address-list':
      return `lets calls into the SIP domain come from the addresses of ${action.list} alone`;
    case 'unmap-address-list':
      return 'lets calls into the SIP domain come from everywhere';
    case 'remove-address-list':
      return `removes the address list ${action.list}`;
  }
}
