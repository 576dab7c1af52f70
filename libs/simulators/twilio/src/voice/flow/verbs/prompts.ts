import { dtmfTones, encodeUlaw, tone } from '@troncal/audio';
import { attribute, wholeNumber } from '../../twiml/attributes.js';
import { spokenLanguage } from '../../twiml/voices.js';
import type { XmlElement } from '../../twiml/xml.js';
import { ulawOfWav } from '../../media/prompt-audio.js';
import { WebhookError } from '../../webhooks/webhook-client.js';
import type { Next } from '../instruction.js';
import { addressOf, seconds, unlessInterrupted, type Verb, type VerbContext } from '../verb.js';

const MAX_SAY = 4_096;
/** `loop="0"` is for ever; Twilio ends it after a thousand times. */
const FOR_EVER = 1_000;
/** What stands for audio that no one here can decode. */
const UNREADABLE = encodeUlaw(tone(480, 400));

/** Says words. A voice that doesn't speak the language, or too much text, says nothing. */
export const say: Verb = async (element, context) => {
  const [voice, language] = [attribute(element, 'voice'), attribute(element, 'language')];
  const spoken = spokenLanguage(voice, language);
  if ('fault' in spoken) return refused(context, language !== undefined && spoken.fault.includes('language') ? 13512 : 13511, spoken.fault);
  if (element.text === '') return refused(context, 13520, 'Say: Invalid text');
  if (element.text.length > MAX_SAY) return refused(context, 13521, `Say of ${element.text.length} characters: at most ${MAX_SAY}`);
  const audio = await context.plane.prompts.of(element.text, spoken.language);
  for (let times = timesOf(element, context, 13510); times > 0; times -= 1) {
    context.call.say({ verb: 'Say', text: element.text, language: spoken.language, ...(voice === undefined ? {} : { voice }) });
    await unlessInterrupted(context.signal, context.call.player.play(audio));
  }
  return 'on';
};

/** Plays audio from an address, or keys. What can't be had is warned of and skipped. */
export const play: Verb = async (element, context) => {
  const digits = attribute(element, 'digits');
  const url = element.text === '' ? undefined : addressOf(context, element.text);
  const audio = digits === undefined ? await audioOf(url, context) : keys(digits, context);
  if (audio === undefined) return 'on';
  for (let times = timesOf(element, context, 13410); times > 0; times -= 1) {
    context.call.say({ verb: 'Play', text: url ?? digits ?? '' });
    await unlessInterrupted(context.signal, context.call.player.play(audio));
  }
  return 'on';
};

/** Waits. As the first verb of a call it waits before the answer. */
export const pause: Verb = async (element, context) => {
  const length = wholeNumber(element, 'length', 1, 1, (value) => context.warn(13910, `Pause: Invalid length value ${value}`));
  await seconds(context, length);
  return 'on';
};

/** Performs what may be nested in <Gather>, or an announcement's verbs, one after the other. */
export async function prompts(elements: readonly XmlElement[], context: VerbContext): Promise<void> {
  const byName: Readonly<Record<string, Verb>> = { Say: say, Play: play, Pause: pause };
  for (const element of elements) await byName[element.name]?.(element, context);
}

function refused({ warn }: VerbContext, code: number, text: string): Next {
  warn(code, text);
  return 'on';
}

function timesOf(element: XmlElement, { warn }: VerbContext, code: number): number {
  const loop = wholeNumber(element, 'loop', 1, 0, (value) => warn(code, `${element.name}: Invalid loop value ${value}`));
  return loop === 0 ? FOR_EVER : loop;
}

function keys(digits: string, { warn }: VerbContext): Uint8Array | undefined {
  if (/^[\d*#wW]+$/.test(digits)) return encodeUlaw(dtmfTones(digits.replaceAll(/w/gi, '')));
  warn(13430, `Play: Invalid DTMF String ${digits}`);
  return undefined;
}

async function audioOf(url: string | undefined, { plane, call, warn }: VerbContext): Promise<Uint8Array | undefined> {
  if (url === undefined || !/^https?:/.test(url)) {
    warn(11100, `Play: Invalid URL format ${url ?? ''}`);
    return undefined;
  }
  try {
    const { body, contentType } = await plane.webhooks.ask({ account: call.facts.account, callSid: call.sid, why: 'play', url, method: 'GET', parameters: {} });
    if (contentType !== undefined && !/^audio\/|octet-stream/.test(contentType)) {
      warn(13420, `Play: Invalid Content-Type ${contentType}`);
      return undefined;
    }
    return body.subarray(0, 4).toString('latin1') === 'RIFF' ? ulawOfWav(body) : UNREADABLE;
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    warn(error.code, error.message);
    return undefined;
  }
}
