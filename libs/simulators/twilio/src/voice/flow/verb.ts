import type { Call } from '../calls/call.js';
import type { Plane } from '../plane.js';
import { attribute, methodOf } from '../twiml/attributes.js';
import type { XmlElement } from '../twiml/xml.js';
import type { Parameters } from '../webhooks/signature.js';
import type { Fetched, Next } from './instruction.js';

export interface VerbContext {
  readonly plane: Plane;
  readonly call: Call;
  /** Where the document came from. */
  readonly base: string;
  /** Aborted when the call is over or goes elsewhere. */
  readonly signal: AbortSignal;
  /** Notes an alert of Twilio's. */
  readonly warn: (code: number, text: string) => void;
}

export type Verb = (element: XmlElement, context: VerbContext) => Promise<Next>;

/** The call is over or goes elsewhere. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Waits for it unless the signal comes before. @throws Interrupted */
export async function unlessInterrupted<T>(signal: AbortSignal, waited: Promise<T>): Promise<T> {
  if (signal.aborted) throw new Interrupted();
  let stop: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waited, interrupted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** So many seconds of TwiML. @throws Interrupted */
export async function seconds({ plane, signal }: Pick<VerbContext, 'plane' | 'signal'>, count: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await unlessInterrupted(signal, new Promise<void>((resolve) => (timer = setTimeout(resolve, count * plane.settings.secondMs))));
  } finally {
    clearTimeout(timer);
  }
}

/** What an `action` says comes next; without one the same document again. */
export function actionOf(element: XmlElement, context: Pick<VerbContext, 'base'>, parameters: Parameters): Fetched {
  const action = attribute(element, 'action');
  return { url: action === undefined ? context.base : addressOf(context, action), method: methodOf(element), why: 'action', parameters };
}

/** An address in an attribute; relative ones are relative to the document. */
export const addressOf = ({ base }: Pick<VerbContext, 'base'>, url: string): string => (URL.canParse(url, base) ? new URL(url, base).href : url);
