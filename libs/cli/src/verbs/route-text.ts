import type { RouteNode } from '@troncal/contracts';

const digits = (map: Readonly<Record<string, string>>): string => Object.entries(map).map(([digit, target]) => `, ${digit} → ${target}`).join('');

/** A step of a route in one line: what it does and where it leads. */
export function describeNode(node: RouteNode): string {
  switch (node.kind) {
    case 'announce':
      return `says something → ${node.next}`;
    case 'menu':
      return `asks for a digit${digits(node.digits)}, none in time → ${node.onTimeout}`;
    case 'ring':
      return `rings ${node.extensions.join(', ')} (${node.strategy}), nobody → ${node.onNoAnswer}`;
    case 'queue':
      return `waits in queue ${node.queue}, nobody in time → ${node.onTimeout}${node.onNoMembers === undefined ? '' : `, nobody there → ${node.onNoMembers}`}`;
    case 'agent':
      return `AI agent ${node.agent}${digits(node.digits)}, wants a person → ${node.onHandoff}, fails → ${node.onFailed}`;
    case 'hangup':
      return `hangs up (${node.cause})`;
  }
}
