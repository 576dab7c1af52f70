import { Controller, Inject } from '@nestjs/common';
import {
  BridgeV1, CancelTransferV1, CompleteTransferV1, ConferenceV1, DtmfV1, HoldV1, LeaveConferenceV1, ParkV1, PauseRecordV1, PickupV1, PlayV1, RecordV1, ResumeRecordV1, ResumeV1, SayV1, SnoopV1, StopPlayV1, StopRecordV1, StopSnoopV1, TransferV1, WarmTransferV1, type ControlReply,
} from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import type { z } from 'zod';
import { whereabouts, type Call } from '../call.js';
import type { AboutCall } from './about-call.js';
import { CallVerbs } from './call-verbs.js';

const about = ({ callId, tenant, by }: AboutCall): AboutCall => ({ callId, tenant, by });

/** What other services ask of a live call: the same as over HTTP, by command. */
@Controller()
export class CallControlResponder {
  constructor(@Inject(CallVerbs) private readonly verbs: CallVerbs) {}

  @HandlesCommand(HoldV1)
  async hold(ask: z.output<typeof HoldV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.hold.hold(about(ask)));
  }

  @HandlesCommand(ResumeV1)
  async resume(ask: z.output<typeof ResumeV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.hold.resume(about(ask)));
  }

  @HandlesCommand(PlayV1)
  async play(ask: z.output<typeof PlayV1.request>): Promise<ControlReply> {
    return toldWith(await this.verbs.to.play.play(about(ask), ask));
  }

  @HandlesCommand(StopPlayV1)
  async stopPlay(ask: z.output<typeof StopPlayV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.play.stop(about(ask)));
  }

  @HandlesCommand(SayV1)
  async say(ask: z.output<typeof SayV1.request>): Promise<ControlReply> {
    return toldWith(await this.verbs.to.play.say(about(ask), ask));
  }

  @HandlesCommand(DtmfV1)
  async dtmf(ask: z.output<typeof DtmfV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.digits.run(about(ask), { digits: ask.digits, to: ask.to, masked: ask.masked }));
  }

  @HandlesCommand(BridgeV1)
  async bridge(ask: z.output<typeof BridgeV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.connect.bridge(about(ask), ask.with));
  }

  @HandlesCommand(ConferenceV1)
  async conference(ask: z.output<typeof ConferenceV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.connect.conference(about(ask), ask.conference));
  }

  @HandlesCommand(LeaveConferenceV1)
  async leaveConference(ask: z.output<typeof LeaveConferenceV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.connect.leaveConference(about(ask)));
  }

  @HandlesCommand(ParkV1)
  async park(ask: z.output<typeof ParkV1.request>): Promise<ControlReply> {
    return toldWith(await this.verbs.to.park.park(about(ask), ask));
  }

  @HandlesCommand(PickupV1)
  async pickup(ask: z.output<typeof PickupV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.park.pickup(about(ask), ask));
  }

  @HandlesCommand(TransferV1)
  async transfer(ask: z.output<typeof TransferV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.transfer.run(about(ask), ask));
  }

  @HandlesCommand(WarmTransferV1)
  async warmTransfer(ask: z.output<typeof WarmTransferV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.warm.start(about(ask), ask));
  }

  @HandlesCommand(CompleteTransferV1)
  async completeTransfer(ask: z.output<typeof CompleteTransferV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.warm.complete(about(ask)));
  }

  @HandlesCommand(CancelTransferV1)
  async cancelTransfer(ask: z.output<typeof CancelTransferV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.warm.cancel(about(ask)));
  }

  @HandlesCommand(SnoopV1)
  async snoop(ask: z.output<typeof SnoopV1.request>): Promise<ControlReply> {
    return toldWith(await this.verbs.to.snoop.start(about(ask), { mode: ask.mode, party: ask.party, extension: ask.extension, timeoutMs: ask.timeoutMs }));
  }

  @HandlesCommand(StopSnoopV1)
  async stopSnoop(ask: z.output<typeof StopSnoopV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.snoop.stop(about(ask), ask.snoopId));
  }

  @HandlesCommand(RecordV1)
  async record(ask: z.output<typeof RecordV1.request>): Promise<ControlReply> {
    return toldWith(await this.verbs.to.record.start(about(ask), ask));
  }

  @HandlesCommand(StopRecordV1)
  async stopRecord(ask: z.output<typeof StopRecordV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.record.stop(about(ask)));
  }

  @HandlesCommand(PauseRecordV1)
  async pauseRecord(ask: z.output<typeof PauseRecordV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.record.pause(about(ask)));
  }

  @HandlesCommand(ResumeRecordV1)
  async resumeRecord(ask: z.output<typeof ResumeRecordV1.request>): Promise<ControlReply> {
    return told(await this.verbs.to.record.resume(about(ask)));
  }
}

function told(call: Call): ControlReply {
  return { callId: call.callId, state: call.state, at: whereabouts(call) };
}

function toldWith<T extends object>({ call, ...rest }: T & { readonly call: Call }): ControlReply {
  return { ...told(call), ...rest };
}
