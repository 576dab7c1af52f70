import type { Twilio } from 'twilio';
import { expect, vi } from 'vitest';
import { startTwilioSimulator, type PstnCallWish, type Settings, type TwilioSimulator } from '../../src/index.js';
import { sdkFor, type Exchange } from './sdk-client.js';
import { TwimlServer } from './twiml-server.js';

const BUNDLE = `BU${'1'.repeat(32)}`;
export type ScriptWish = NonNullable<PstnCallWish['script']>;
export const NUMBER = '+56229145248';
export const CALLER = '+56911112222';

/** A simulator with one number that a customer's server answers for. */
export interface VoiceBench {
  readonly simulator: TwilioSimulator;
  readonly server: TwimlServer;
  readonly sdk: Twilio;
  readonly numberSid: string;
  /** All that went over the wire of the SDK. */
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Seconds of TwiML are short, so that timeouts are soon over. */
export async function openVoiceBench(voice: Settings['voice'] = {}): Promise<VoiceBench> {
  const simulator = await startTwilioSimulator({ settings: { approvedBundles: [BUNDLE], voice: { secondMs: 100, msPerLetter: 4, ...voice } } });
  const server = await TwimlServer.start(() => simulator.authToken);
  const exchanges: Exchange[] = [];
  const sdk = sdkFor(simulator, (exchange) => exchanges.push(exchange));
  const { sid } = await sdk.incomingPhoneNumbers.create({
    phoneNumber: NUMBER,
    bundleSid: BUNDLE,
    voiceUrl: `${server.url}/voice`,
    voiceFallbackUrl: `${server.url}/fallback`,
    statusCallback: `${server.url}/status`,
  });
  return {
    simulator,
    server,
    sdk,
    exchanges,
    numberSid: sid,
    close: async () => {
      await simulator.close();
      await server.close();
    },
  };
}

/** Somebody calls the number from the telephone network. */
export const callIn = ({ simulator }: VoiceBench, script: ScriptWish): ReturnType<TwilioSimulator['voice']['call']> => simulator.voice.call({ from: CALLER, to: NUMBER, script });

/** Waits until a call is over; fails with what is known of it. */
export async function over({ simulator }: VoiceBench, sid: string): Promise<ReturnType<TwilioSimulator['voice']['calls']>[number]> {
  const seen = () => simulator.voice.calls().find((call) => call.sid === sid)!;
  await vi.waitFor(() => expect(seen().status, `the end of ${sid}`).toMatch(/completed|busy|failed|no-answer|canceled/), { timeout: 8_000 });
  return seen();
}

/** What was said, words only. */
export const words = (call: { readonly said: readonly { readonly text: string }[] }): string[] => call.said.map(({ text }) => text);
