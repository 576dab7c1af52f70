import type { Verb } from './verb.js';
import { callDemo } from './verbs/call-demo.js';
import { callsBridge } from './verbs/calls-bridge.js';
import { callsCancelTransfer } from './verbs/calls-cancel-transfer.js';
import { callsCompleteTransfer } from './verbs/calls-complete-transfer.js';
import { callsConference } from './verbs/calls-conference.js';
import { callsDtmf } from './verbs/calls-dtmf.js';
import { callsHangup } from './verbs/calls-hangup.js';
import { callsHold } from './verbs/calls-hold.js';
import { callsLeaveConference } from './verbs/calls-leave-conference.js';
import { callsList } from './verbs/calls-list.js';
import { callsOriginate } from './verbs/calls-originate.js';
import { callsPark } from './verbs/calls-park.js';
import { callsParked } from './verbs/calls-parked.js';
import { callsPickup } from './verbs/calls-pickup.js';
import { callsPlay } from './verbs/calls-play.js';
import { callsRecord } from './verbs/calls-record.js';
import { callsResume } from './verbs/calls-resume.js';
import { callsSay } from './verbs/calls-say.js';
import { callsShow } from './verbs/calls-show.js';
import { callsListen, callsWhisper } from './verbs/calls-snoop.js';
import { callsStopListening } from './verbs/calls-stop-listening.js';
import { callsStopPlaying } from './verbs/calls-stop-playing.js';
import { callsTransfer } from './verbs/calls-transfer.js';
import { callsWarmTransfer } from './verbs/calls-warm-transfer.js';
import { completion } from './verbs/completion.js';
import { deadLettersDiscard } from './verbs/dead-letters-discard.js';
import { deadLettersList } from './verbs/dead-letters-list.js';
import { deadLettersRedrive } from './verbs/dead-letters-redrive.js';
import { deadLettersShow } from './verbs/dead-letters-show.js';
import { explain } from './verbs/explain.js';
import { edgesAdd } from './verbs/edges-add.js';
import { edgesList } from './verbs/edges-list.js';
import { edgesRemove } from './verbs/edges-remove.js';
import { edgesRotate } from './verbs/edges-rotate.js';
import { edgesShow } from './verbs/edges-show.js';
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
  {
    name: 'calls',
    describe: 'Calls: list, show, originate, steer, hang up',
    verbs: [
      callsList, callsShow, callsOriginate, callsHangup, callsHold, callsResume, callsPlay, callsSay, callsStopPlaying, callsDtmf, callsBridge, callsConference, callsLeaveConference, callsPark,
      callsParked, callsPickup, callsTransfer, callsWarmTransfer, callsCompleteTransfer, callsCancelTransfer, callsListen, callsWhisper, callsStopListening, callsRecord,
    ],
  },
  { name: 'edges', describe: 'Edges: list, add, show, new passwords, remove', verbs: [edgesList, edgesAdd, edgesShow, edgesRotate, edgesRemove] },
  { name: 'tenants', describe: 'Tenants: whose telephones these are', verbs: [tenantsList] },
  { name: 'endpoints', describe: 'Telephones: list, add, remove, new password', verbs: [endpointsList, endpointsAdd, endpointsRemove, endpointsRotate] },
  { name: 'routes', describe: 'Routes: what happens to a call', verbs: [routesList, routesShow, routesApply] },
  { name: 'tickets', describe: 'Tickets: what people have to follow up', verbs: [ticketsList] },
  { name: 'dead-letters', describe: 'Events that could not be handled: list, show, redrive, discard', verbs: [deadLettersList, deadLettersShow, deadLettersRedrive, deadLettersDiscard] },
];
