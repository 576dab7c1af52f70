import { recordWish } from '../../recordings/record-wish.js';
import { MediaStream } from '../../streams/media-stream.js';
import { streamWish } from '../../streams/stream-wish.js';
import { attribute } from '../../twiml/attributes.js';
import { executable } from '../../twiml/schema.js';
import type { Verb } from '../verb.js';

/** Begins a stream to somebody who only listens, or a recording; the call goes on at once. */
export const start: Verb = (element, context) => {
  const { call, plane, warn } = context;
  for (const noun of executable(element)) {
    if (noun.name === 'Recording') plane.recordings.start(call, recordWish(noun, context, 'StartCallRecordingAPI'));
    else {
      const wish = streamWish(noun, context, false);
      if ('code' in wish) warn(wish.code, wish.text);
      else plane.listeners.add(call, new MediaStream(plane, call, wish));
    }
  }
  return Promise.resolve('on');
};

/** Ends a stream by its name, or the call's recordings. */
export const stop: Verb = (element, { call, plane }) => {
  for (const noun of executable(element)) {
    if (noun.name === 'Stream') plane.listeners.stop(call, attribute(noun, 'name'));
    else plane.recordings.stopOf(call);
  }
  return Promise.resolve('on');
};
