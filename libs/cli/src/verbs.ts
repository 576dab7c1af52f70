import type { Verb } from './verb.js';
import { callDemo } from './verbs/call-demo.js';
import { callSimulated } from './verbs/call-simulated.js';
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
import { capsSet } from './verbs/caps-set.js';
import { capsShow } from './verbs/caps-show.js';
import { complaintsAdd } from './verbs/complaints-add.js';
import { completion } from './verbs/completion.js';
import { deadLettersDiscard } from './verbs/dead-letters-discard.js';
import { deadLettersList } from './verbs/dead-letters-list.js';
import { deadLettersRedrive } from './verbs/dead-letters-redrive.js';
import { deadLettersShow } from './verbs/dead-letters-show.js';
import { explain } from './verbs/explain.js';
import { credentialsList, credentialsReveal, credentialsRotate } from './verbs/credentials.js';
import { devicesAdd, devicesReboot } from './verbs/devices-change.js';
import { devicesConnect, devicesDisconnect } from './verbs/devices-connect.js';
import { devicesList } from './verbs/devices-list.js';
import { doctor } from './verbs/doctor.js';
import { edgesAdd } from './verbs/edges-add.js';
import { edgesList } from './verbs/edges-list.js';
import { edgesRemove } from './verbs/edges-remove.js';
import { edgesRotate } from './verbs/edges-rotate.js';
import { edgesShow } from './verbs/edges-show.js';
import { endpointsAdd } from './verbs/endpoints-add.js';
import { endpointsList } from './verbs/endpoints-list.js';
import { endpointsRemove } from './verbs/endpoints-remove.js';
import { endpointsRotate } from './verbs/endpoints-rotate.js';
import { envCreate } from './verbs/env-create.js';
import { envDelete } from './verbs/env-delete.js';
import { envDrift, envRepair } from './verbs/env-drift.js';
import { envList } from './verbs/env-list.js';
import { events } from './verbs/events.js';
import { numbersList, numbersMove, numbersRelease } from './verbs/numbers.js';
import { subaccountsClose, subaccountsList } from './verbs/subaccounts.js';
import { promote } from './verbs/promote.js';
import { kpis } from './verbs/kpis.js';
import { routesApply } from './verbs/routes-apply.js';
import { routesList } from './verbs/routes-list.js';
import { routesShow } from './verbs/routes-show.js';
import { spend } from './verbs/spend.js';
import { sheetsIssue } from './verbs/sheets-issue.js';
import { sheetsList } from './verbs/sheets-list.js';
import { sheetsRevoke } from './verbs/sheets-revoke.js';
import { status } from './verbs/status.js';
import { tenantsApply } from './verbs/tenants-apply.js';
import { envCutOver, tenantsCutOver } from './verbs/tenants-cut-over.js';
import { tenantsDelete } from './verbs/tenants-delete.js';
import { tenantsExport } from './verbs/tenants-export.js';
import { tenantsImport } from './verbs/tenants-import.js';
import { tenantsList } from './verbs/tenants-list.js';
import { tenantsPlan } from './verbs/tenants-plan.js';
import { tenantsShow } from './verbs/tenants-show.js';
import { ticketsList } from './verbs/tickets-list.js';
import { verify } from './verbs/verify.js';
import { webhooksAdd } from './verbs/webhooks-add.js';
import { webhooksDeliveries } from './verbs/webhooks-deliveries.js';
import { webhooksList } from './verbs/webhooks-list.js';
import { webhooksRemove } from './verbs/webhooks-remove.js';
import { webhooksReplay } from './verbs/webhooks-replay.js';
import { webhooksRotate } from './verbs/webhooks-rotate.js';
import { webhooksDisable, webhooksEnable } from './verbs/webhooks-switch.js';
import { webhooksTest } from './verbs/webhooks-test.js';

/** Verbs that stand alone. */
export const VERBS: readonly Verb[] = [status, events, explain, verify, doctor, kpis, spend, promote, completion];

/** Verbs by what they work on: `troncal calls list`. */
export const GROUPS: readonly { readonly name: string; readonly describe: string; readonly verbs: readonly Verb[] }[] = [
  { name: 'call', describe: 'The lab call, and a call from the simulated telephone network', verbs: [callDemo, callSimulated] },
  {
    name: 'calls',
    describe: 'Calls: list, show, originate, steer, hang up',
    verbs: [
      callsList, callsShow, callsOriginate, callsHangup, callsHold, callsResume, callsPlay, callsSay, callsStopPlaying, callsDtmf, callsBridge, callsConference, callsLeaveConference, callsPark,
      callsParked, callsPickup, callsTransfer, callsWarmTransfer, callsCompleteTransfer, callsCancelTransfer, callsListen, callsWhisper, callsStopListening, callsRecord,
    ],
  },
  { name: 'complaints', describe: 'Complaints of how calls sounded, or went', verbs: [complaintsAdd] },
  { name: 'edges', describe: 'Edges: list, add, show, new passwords, remove', verbs: [edgesList, edgesAdd, edgesShow, edgesRotate, edgesRemove] },
  { name: 'tenants', describe: 'Tenants: plan, apply, show, list, delete, export, import, cut over', verbs: [tenantsList, tenantsPlan, tenantsApply, tenantsShow, tenantsDelete, tenantsExport, tenantsImport, tenantsCutOver] },
  { name: 'env', describe: 'Environments: where tenants are declared', verbs: [envList, envCreate, envDelete, envDrift, envRepair, envCutOver] },
  { name: 'credentials', describe: 'SIP users at Twilio: list, reveal, rotate', verbs: [credentialsList, credentialsReveal, credentialsRotate] },
  { name: 'numbers', describe: 'Numbers at Twilio: list, move, release', verbs: [numbersList, numbersMove, numbersRelease] },
  { name: 'subaccounts', describe: 'Twilio accounts that tenants have of their own: list, close', verbs: [subaccountsList, subaccountsClose] },
  { name: 'caps', describe: 'Caps: what the calls of a tenant may cost', verbs: [capsShow, capsSet] },
  { name: 'endpoints', describe: 'Telephones: list, add, remove, new password', verbs: [endpointsList, endpointsAdd, endpointsRemove, endpointsRotate] },
  { name: 'devices', describe: 'Telephones at Grandstream’s GDMS: connect, list, add, reboot', verbs: [devicesConnect, devicesList, devicesAdd, devicesReboot, devicesDisconnect] },
  { name: 'sheets', describe: 'Settings of telephones by one-time links: issue, list, revoke', verbs: [sheetsIssue, sheetsList, sheetsRevoke] },
  { name: 'routes', describe: 'Routes: what happens to a call', verbs: [routesList, routesShow, routesApply] },
  { name: 'tickets', describe: 'Tickets: what people have to follow up', verbs: [ticketsList] },
  {
    name: 'webhooks',
    describe: 'Tenants’ own systems that are told of events: list, add, test, replay, remove',
    verbs: [webhooksList, webhooksAdd, webhooksTest, webhooksDeliveries, webhooksReplay, webhooksRotate, webhooksDisable, webhooksEnable, webhooksRemove],
  },
  { name: 'dead-letters', describe: 'Events that could not be handled: list, show, redrive, discard', verbs: [deadLettersList, deadLettersShow, deadLettersRedrive, deadLettersDiscard] },
];
