import { MediaStream } from '../../streams/media-stream.js';
import { streamWish } from '../../streams/stream-wish.js';
import { attribute } from '../../twiml/attributes.js';
import { executable } from '../../twiml/schema.js';
import { actionOf, Interrupted, unlessInterrupted, type Verb } from '../verb.js';

/** Gives the call to a server at the other end of a WebSocket, until one of them ends it; then the action, or the next verb. */
export const connect: Verb = async (element, context) => {
  const { call, plane, signal, warn } = context;
  const [noun] = executable(element);
  const next = attribute(element, 'action') === undefined ? 'on' : actionOf(element, context, {});
  if (noun === undefined) return next;
  const wish = streamWish(noun, context, true);
  if ('code' in wish) {
    warn(wish.code, wish.text);
    return next;
  }
  const stream = new MediaStream(plane, call, wish);
  try {
    await unlessInterrupted(signal, stream.ended);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    stream.stop();
    throw error;
  }
  return next;
};
