import { Controller, Inject } from '@nestjs/common';
import {
  BridgeV1, CancelTransferV1, CompleteTransferV1, ConferenceV1, DtmfV1, HoldV1, LeaveConferenceV1, ParkV1, PauseRecordV1, PickupV1, PlayV1, RecordV1, ResumeRecordV1, ResumeV1, SayV1, SnoopV1, StopPlayV1, StopRecordV1, StopSnoopV1, TransferV1, WarmTransferV1,
  type CommandDefinition, type ControlReply,
} from '@troncal/contracts';
import { answers, HandlesCommands, type CommandAnswer } from '@troncal/messaging';
import type { z } from 'zod';
import { whereabouts, type Call } from '../call.js';
import type { AboutCall } from './about-call.js';
import { CallVerbs } from './call-verbs.js';

const about = ({ callId, tenant, by }: AboutCall): AboutCall => ({ callId, tenant, by });

const told = (call: Call): ControlReply => ({ callId: call.callId, state: call.state, at: whereabouts(call) });
const toldWith = <T extends object>({ call, ...rest }: T & { readonly call: Call }): ControlReply => ({ ...told(call), ...rest });

function verb<Request extends z.ZodObject>(command: CommandDefinition<Request, typeof HoldV1.reply>, work: (to: CallVerbs['to'], ask: z.output<Request>) => Promise<ControlReply>): CommandAnswer<CallControlResponder> {
  return answers(command, (responder, ask) => work(responder.verbs.to, ask));
}

/** What other services ask of a live call: the same as over HTTP, by command. */
@Controller()
@HandlesCommands<CallControlResponder>([
  verb(HoldV1, async (to, ask) => told(await to.hold.hold(about(ask)))),
  verb(ResumeV1, async (to, ask) => told(await to.hold.resume(about(ask)))),
  verb(PlayV1, async (to, ask) => toldWith(await to.play.play(about(ask), ask))),
  verb(StopPlayV1, async (to, ask) => told(await to.play.stop(about(ask)))),
  verb(SayV1, async (to, ask) => toldWith(await to.play.say(about(ask), ask))),
  verb(DtmfV1, async (to, ask) => told(await to.digits.run(about(ask), { digits: ask.digits, to: ask.to, masked: ask.masked }))),
  verb(BridgeV1, async (to, ask) => told(await to.connect.bridge(about(ask), ask.with))),
  verb(ConferenceV1, async (to, ask) => told(await to.connect.conference(about(ask), ask.conference))),
  verb(LeaveConferenceV1, async (to, ask) => told(await to.connect.leaveConference(about(ask)))),
  verb(ParkV1, async (to, ask) => toldWith(await to.park.park(about(ask), ask))),
  verb(PickupV1, async (to, ask) => told(await to.park.pickup(about(ask), ask))),
  verb(TransferV1, async (to, ask) => told(await to.transfer.run(about(ask), ask))),
  verb(WarmTransferV1, async (to, ask) => told(await to.warm.start(about(ask), ask))),
  verb(CompleteTransferV1, async (to, ask) => told(await to.warm.complete(about(ask)))),
  verb(CancelTransferV1, async (to, ask) => told(await to.warm.cancel(about(ask)))),
  verb(SnoopV1, async (to, ask) => toldWith(await to.snoop.start(about(ask), { mode: ask.mode, party: ask.party, extension: ask.extension, timeoutMs: ask.timeoutMs }))),
  verb(StopSnoopV1, async (to, ask) => told(await to.snoop.stop(about(ask), ask.snoopId))),
  verb(RecordV1, async (to, ask) => toldWith(await to.record.start(about(ask), ask))),
  verb(StopRecordV1, async (to, ask) => told(await to.record.stop(about(ask)))),
  verb(PauseRecordV1, async (to, ask) => told(await to.record.pause(about(ask)))),
  verb(ResumeRecordV1, async (to, ask) => told(await to.record.resume(about(ask)))),
])
export class CallControlResponder {
  constructor(@Inject(CallVerbs) readonly verbs: CallVerbs) {}
}
