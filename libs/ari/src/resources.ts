import type { AriSend } from './command.js';
import { ApplicationsApi } from './generated/applications-api.js';
import { AsteriskApi } from './generated/asterisk-api.js';
import { BridgesApi } from './generated/bridges-api.js';
import { ChannelsApi } from './generated/channels-api.js';
import { DeviceStatesApi } from './generated/device-states-api.js';
import { EndpointsApi } from './generated/endpoints-api.js';
import { EventsApi } from './generated/events-api.js';
import { PlaybacksApi } from './generated/playbacks-api.js';
import { RecordingsApi } from './generated/recordings-api.js';
import { SoundsApi } from './generated/sounds-api.js';

/** Every operation of ARI, by resource, as Asterisk 22's own documents have them. */
export class AriResources {
  readonly applications: ApplicationsApi;
  readonly asterisk: AsteriskApi;
  readonly bridges: BridgesApi;
  readonly channels: ChannelsApi;
  readonly deviceStates: DeviceStatesApi;
  readonly endpoints: EndpointsApi;
  readonly events: EventsApi;
  readonly playbacks: PlaybacksApi;
  readonly recordings: RecordingsApi;
  readonly sounds: SoundsApi;

  constructor(send: AriSend) {
    this.applications = new ApplicationsApi(send);
    this.asterisk = new AsteriskApi(send);
    this.bridges = new BridgesApi(send);
    this.channels = new ChannelsApi(send);
    this.deviceStates = new DeviceStatesApi(send);
    this.endpoints = new EndpointsApi(send);
    this.events = new EventsApi(send);
    this.playbacks = new PlaybacksApi(send);
    this.recordings = new RecordingsApi(send);
    this.sounds = new SoundsApi(send);
  }
}
