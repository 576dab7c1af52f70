import { attribute, listOf, methodOf } from '../twiml/attributes.js';
import type { XmlElement } from '../twiml/xml.js';
import { wishOf } from '../webhooks/status-callbacks.js';
import { addressOf, type VerbContext } from '../flow/verb.js';
import type { RecordingSource, RecordingWish } from './recording.js';

/** What a verb says of its recording. */
export function recordWish(element: XmlElement, context: Pick<VerbContext, 'base'>, source: RecordingSource): RecordingWish {
  const callback = attribute(element, 'recordingStatusCallback');
  const events = listOf(element, 'recordingStatusCallbackEvent');
  const track = attribute(element, 'recordingTrack') ?? attribute(element, 'track');
  const isDual = attribute(element, 'record')?.endsWith('dual') === true || attribute(element, 'channels') === 'dual';
  return {
    source,
    channels: isDual ? 2 : 1,
    track: track === 'inbound' || track === 'outbound' ? track : 'both',
    ...(callback === undefined ? {} : { callback: wishOf(addressOf(context, callback), methodOf(element, 'recordingStatusCallbackMethod'), events) }),
  };
}
