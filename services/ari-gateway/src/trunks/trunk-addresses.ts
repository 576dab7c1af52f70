import { BlockList, isIPv6 } from 'node:net';

interface Block {
  readonly base: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly holds: (other: Block) => boolean;
}

/** An address or block of each list that meet; undefined when none do. Asterisk takes a call for the first trunk whose addresses fit, so two tenants can't share one. */
export function sharedAddress(ours: readonly string[], theirs: readonly string[]): string | undefined {
  const taken = theirs.map(blockOf);
  return ours.find((address) => {
    const block = blockOf(address);
    return taken.some((other) => other.holds(block) || block.holds(other));
  });
}

function blockOf(address: string): Block {
  const [base = '', width] = address.split('/');
  const family = isIPv6(base) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(base, Number(width ?? (family === 'ipv6' ? 128 : 32)), family);
  return { base, family, holds: (other) => other.family === family && list.check(other.base, family) };
}
