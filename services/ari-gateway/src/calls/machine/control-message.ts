import type { Route } from '@troncal/contracts';
import type { DialTarget, RecordingChannels } from '../call.js';

/** Where a transfer leads; already looked up. */
export interface TransferTarget {
  readonly kind: 'endpoint' | 'number' | 'queue' | 'agent' | 'route';
  readonly target: string;
  readonly route: Route;
  readonly routeRef: { readonly code: string; readonly revision: number } | null;
  /** How a target outside the tenant is reached; decided by the dial guard before. */
  readonly dials?: Readonly<Record<string, DialTarget>>;
}

type Asker = 'api' | 'agent';

/** What a call is connected with. `legId`: the other call's leg, which is the Local channel's far half. */
export type LinkTarget = { readonly kind: 'call'; readonly callId: string; readonly legId: string } | { readonly kind: 'conference'; readonly name: string };

/** What is played. A file is named as Asterisk names it: whole path, no extension. */
export type PlaySource = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string; readonly language: string };

/** Requests of people and programs to a live call: each is done, or refused with a reason. */
export type ControlMessage =
  | { readonly kind: 'hold'; readonly requestedBy: Asker }
  | { readonly kind: 'resume' }
  | { readonly kind: 'play'; readonly playbackId: string; readonly what: 'sound' | 'recording' | 'speech'; readonly name: string; readonly source: PlaySource }
  | { readonly kind: 'stop_playing' }
  | { readonly kind: 'send_digits'; readonly digits: string; readonly to: 'caller' | 'other'; readonly masked: boolean }
  /** `dials`: this call makes the Local channel; `pickup`: it takes the caller from a slot, for this extension. */
  | { readonly kind: 'link'; readonly legId: string; readonly to: LinkTarget; readonly dials: boolean; readonly pickup?: string }
  | { readonly kind: 'leave_conference' }
  | { readonly kind: 'park'; readonly slot: string; readonly timeoutMs: number; readonly returnTo?: string; readonly requestedBy: Asker }
  | { readonly kind: 'pickup'; readonly extension: string; readonly target: DialTarget; readonly timeoutMs: number }
  | { readonly kind: 'transfer'; readonly to: TransferTarget; readonly requestedBy: Asker; readonly reason?: string; readonly comesBack?: boolean }
  | {
      readonly kind: 'warm_transfer'; readonly to: { readonly kind: 'endpoint' | 'number'; readonly target: string }; readonly target: DialTarget; readonly briefing?: string;
      readonly timeoutMs: number; readonly requestedBy: Asker; readonly reason?: string;
    }
  | { readonly kind: 'complete_transfer' }
  | { readonly kind: 'cancel_transfer' }
  | {
      readonly kind: 'snoop'; readonly snoopId: string; readonly mode: 'listen' | 'whisper'; readonly party: 'caller' | 'other'; readonly extension: string; readonly target: DialTarget;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'stop_snoop'; readonly snoopId: string }
  | { readonly kind: 'record'; readonly recordingId: string; readonly announced: boolean; readonly channels: RecordingChannels }
  | { readonly kind: 'record_stop' }
  | { readonly kind: 'record_pause' }
  | { readonly kind: 'record_resume' };

const CONTROL: Readonly<Record<ControlMessage['kind'], true>> = {
  hold: true, resume: true, play: true, stop_playing: true, send_digits: true, link: true, leave_conference: true, park: true, pickup: true, transfer: true, warm_transfer: true,
  complete_transfer: true, cancel_transfer: true, snoop: true, stop_snoop: true, record: true, record_stop: true, record_pause: true, record_resume: true,
};

/** True for a request, which is done or refused; anything else that happens to a call is never refused. */
export const isControl = <M extends { readonly kind: string }>(message: M | ControlMessage): message is ControlMessage => Object.hasOwn(CONTROL, message.kind);
