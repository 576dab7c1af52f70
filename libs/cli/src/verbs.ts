import type { Verb } from './verb.js';
import { callDemo } from './verbs/call-demo.js';
import { callsHangup } from './verbs/calls-hangup.js';
import { callsList } from './verbs/calls-list.js';
import { callsOriginate } from './verbs/calls-originate.js';
import { callsShow } from './verbs/calls-show.js';
import { completion } from './verbs/completion.js';
import { deadLettersDiscard } from './verbs/dead-letters-discard.js';
import { deadLettersList } from './verbs/dead-letters-list.js';
import { deadLettersRedrive } from './verbs/dead-letters-redrive.js';
import { deadLettersShow } from './verbs/dead-letters-show.js';
import { explain } from './verbs/explain.js';
import { endpointsAdd } from './verbs/endpoints-add.js';
import { endpointsList } from './verbs/endpoints-list.js';
import { endpointsRemove } from './verbs/endpoints-remove.js';
import { endpointsRotate } from './verbs/endpoints-rotate.js';
import { events } from './verbs/events.js';
import { routesApply } from './verbs/routes-apply.js';
import { routesList } from './verbs/routes-list.js';
import { routesShow } from './verbs/routes-show.js';
import { status } from './verbs/status.js';
import { tenantsList } from './verbs/tenants-list.js';
import { ticketsList } from './verbs/tickets-list.js';

/** Verbs that stand alone. */
export const VERBS: readonly Verb[] = [status, events, explain, completion];

/** Verbs by what they work on: `troncal calls list`. */
export const GROUPS: readonly { readonly name: string; readonly describe: string; readonly verbs: readonly Verb[] }[] = [
  { name: 'call', describe: 'The lab call', verbs: [callDemo] },
  { name: 'calls', describe: 'Calls: list, show, originate, hang up', verbs: [callsList, callsShow, callsOriginate, callsHangup] },
  { name: 'tenants', describe: 'Tenants: whose telephones these are', verbs: [tenantsList] },
  { name: 'endpoints', describe: 'Telephones: list, add, remove, new password', verbs: [endpointsList, endpointsAdd, endpointsRemove, endpointsRotate] },
  { name: 'routes', describe: 'Routes: what happens to a call', verbs: [routesList, routesShow, routesApply] },
  { name: 'tickets', describe: 'Tickets: what people have to follow up', verbs: [ticketsList] },
  { name: 'dead-letters', describe: 'Events that could not be handled: list, show, redrive, discard', verbs: [deadLettersList, deadLettersShow, deadLettersRedrive, deadLettersDiscard] },
];
