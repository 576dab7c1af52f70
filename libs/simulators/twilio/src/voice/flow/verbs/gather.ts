import { attribute, isTrue, wholeNumber } from '../../twiml/attributes.js';
import type { XmlElement } from '../../twiml/xml.js';
import { actionOf, seconds, type Verb, type VerbContext } from '../verb.js';
import { executable } from '../../twiml/schema.js';
import { prompts } from './prompts.js';

interface Gathered {
  readonly digits: string;
  readonly finishedOnKey: string;
}

const DEFAULT_TIMEOUT_S = 5;

/** Collects keys. What is nested is heard until the first one; without any the call goes on with the next verb, unless `actionOnEmptyResult`. */
export const gather: Verb = async (element, context) => {
  const { digits, finishedOnKey } = await gathered(element, context);
  if (digits === '' && !isTrue(element, 'actionOnEmptyResult')) return 'on';
  return actionOf(element, context, { Digits: digits, FinishedOnKey: finishedOnKey, msg: 'Gather End' });
};

async function gathered(element: XmlElement, context: VerbContext): Promise<Gathered> {
  const { call, warn } = context;
  const finishOnKey = attribute(element, 'finishOnKey') ?? '#';
  if (!/^[\d*#]?$/.test(finishOnKey)) warn(13310, `Gather: Invalid finishOnKey value ${finishOnKey}`);
  const most = wholeNumber(element, 'numDigits', Number.POSITIVE_INFINITY, 1, (value) => warn(13314, `Gather: Invalid numDigits value ${value}`));
  const timeout = wholeNumber(element, 'timeout', DEFAULT_TIMEOUT_S, 1, (value) => {
    if (value !== 'auto') warn(13313, `Gather: Invalid timeout value ${value}`);
  });
  const takesKeys = (attribute(element, 'input') ?? 'dtmf').includes('dtmf');
  let digits = '';
  let finishedOnKey = '';
  let isDone = false;
  let heard = new AbortController();
  const stopListening = call.onDigit((digit) => {
    if (!takesKeys || isDone) return;
    if (digit === finishOnKey) [finishedOnKey, isDone] = [digit, true];
    else digits += digit;
    if (digits.length >= most) isDone = true;
    heard.abort();
  });
  // Which of the two it was only the state above tells: what awaits reads it again.
  const state = (): Gathered & { readonly isDone: boolean } => ({ digits, finishedOnKey, isDone });
  try {
    await untilKey(context, heard.signal, (within) => prompts(executable(element), within));
    call.player.stop();
    while (!state().isDone) {
      heard = new AbortController();
      const before = state().digits;
      await untilKey(context, heard.signal, (within) => seconds(within, timeout));
      if (state().digits === before && !state().isDone) break;
    }
    return state();
  } finally {
    stopListening();
  }
}

/** Does it until a key is heard. @throws Interrupted when the call is over or goes elsewhere */
async function untilKey(context: VerbContext, key: AbortSignal, act: (within: VerbContext) => Promise<void>): Promise<void> {
  try {
    await act({ ...context, signal: AbortSignal.any([context.signal, key]) });
  } catch (error) {
    if (!key.aborted || context.signal.aborted) throw error;
  }
}
