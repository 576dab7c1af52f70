import { WEEKDAYS, type RouteNode, type RouteNodeOf } from '@troncal/contracts';

const digits = (map: Readonly<Record<string, string>>): string => Object.entries(map).map(([digit, target]) => `, ${digit} → ${target}`).join('');

/** Opening hours as people write them, a day that is closed left out. */
function hours({ hours: week, dates, holidays, timeZone }: RouteNodeOf<'schedule'>): string {
  const days = WEEKDAYS.flatMap((day) => (week[day]?.length ? [`${day} ${week[day].join(' ')}`] : []));
  const exceptions = Object.keys(dates).length + (holidays?.dates.length ?? 0);
  return [days.join(', ') || 'no day', ...(holidays?.country ? [`holidays of ${holidays.country}`] : []), ...(exceptions > 0 ? [`${exceptions} dates of their own`] : []), timeZone ?? 'tenant’s time'].join('; ');
}

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
    case 'schedule':
      return `by the time of day (${hours(node)}): open → ${node.onOpen}, closed → ${node.onClosed}${node.onHoliday === undefined ? '' : `, holiday → ${node.onHoliday}`}`;
    case 'language':
      return `speaks ${node.locale ?? node.language} from here on → ${node.next}`;
    case 'voicemail':
      return `takes a message for ${node.mailbox}, ${node.maxSeconds} s at most → ${node.next}${node.onNothing === undefined ? '' : `, nothing said → ${node.onNothing}`}`;
    case 'back':
      return 'back to the menu before';
    case 'hangup':
      return `hangs up (${node.cause})`;
  }
}
