import { StringDecoder } from 'node:string_decoder';
import { AmiMessage } from './ami-message.js';

/** A message of ours is some kB; whoever sends this much without an empty line isn't an AMI. */
const MAX_MESSAGE_CHARS = 1024 * 1024;

/**
 * Cuts AMI's byte stream into messages: `Name: value` lines up to an empty line. The same messages come out however the bytes were split.
 * Tolerant: bare line feeds, lines without a colon (the banner, output of commands) and blank lines between messages are passed over.
 */
export class AmiParser {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private fields: [string, string][] = [];
  private size = 0;

  /**
   * Takes bytes as they came and returns the messages that are complete now.
   * @throws RangeError when a message grows beyond 1 MiB; the parser is of no use then
   */
  push(chunk: Uint8Array): AmiMessage[] {
    const messages: AmiMessage[] = [];
    const lines = (this.rest + this.decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = this.line(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (message) messages.push(message);
    }
    if (this.size + this.rest.length > MAX_MESSAGE_CHARS) throw new RangeError('An AMI message is longer than 1 MiB.');
    return messages;
  }

  private line(line: string): AmiMessage | undefined {
    if (line === '') {
      if (this.fields.length === 0) return undefined;
      const message = new AmiMessage(this.fields);
      this.fields = [];
      this.size = 0;
      return message;
    }
    this.size += line.length;
    const colon = line.indexOf(':');
    if (colon > 0) this.fields.push([line.slice(0, colon).trim(), line.slice(colon + 1).trimStart()]);
    return undefined;
  }
}
