import { executable, schemaFaults } from './schema.js';
import { parseXml, XmlError, type XmlElement } from './xml.js';

/** TwiML that can't be executed. `code` is Twilio's. */
export class TwimlError extends Error {
  override readonly name = 'TwimlError';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export interface TwimlDocument {
  readonly verbs: readonly XmlElement[];
  /** What Twilio warns of with 12200. */
  readonly warnings: readonly string[];
}

export const MAX_TWIML_BYTES = 64 * 1024;
const XML_TYPE = /^(?:text|application)\/(?:[\w.+-]*\+)?xml\b/i;

/** Reads TwiML as it was answered. @throws TwimlError 11750 too large, 12100 no XML, 12102 another root than Response, 12300 another content type than XML */
export function readTwiml(text: string, contentType?: string): TwimlDocument {
  if (Buffer.byteLength(text) > MAX_TWIML_BYTES) throw new TwimlError(11750, `TwiML of ${Buffer.byteLength(text)} bytes: at most ${MAX_TWIML_BYTES}`);
  if (contentType !== undefined && !XML_TYPE.test(contentType)) throw new TwimlError(12300, `Invalid Content-Type: ${contentType}`);
  const root = parsed(text);
  if (root.name !== 'Response') throw new TwimlError(12102, `The root element is ${root.name}, not Response`);
  return { verbs: executable(root), warnings: schemaFaults(root) };
}

function parsed(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new TwimlError(12100, `Document parse failure: ${error.message}`);
    throw error;
  }
}
