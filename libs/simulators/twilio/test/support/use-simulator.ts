import type { Twilio } from 'twilio';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTwilioSimulator, type Settings, type TwilioSimulator } from '../../src/index.js';
import { haveDocuments, PublishedApi } from './openapi.js';
import { sdkFor, type Exchange } from './sdk-client.js';

/** A simulator for each test of a suite, with Twilio's own SDK. */
export interface Lab {
  readonly simulator: TwilioSimulator;
  readonly sdk: Twilio;
  /** The SDK with other credentials. */
  as(accountSid: string, authToken: string): Twilio;
  /** All that went over the wire in the suite. */
  readonly exchanges: readonly Exchange[];
}

export function useSimulator(settings: Settings = {}): Lab {
  const exchanges: Exchange[] = [];
  let simulator: TwilioSimulator;
  let sdk: Twilio;
  beforeEach(async () => {
    simulator = await startTwilioSimulator({ settings });
    sdk = sdkFor(simulator, (exchange) => exchanges.push(exchange));
  });
  afterEach(() => simulator.close());
  return {
    exchanges,
    as: (accountSid, authToken) => sdkFor({ url: simulator.url, accountSid, authToken }, (exchange) => exchanges.push(exchange)),
    get simulator() {
      return simulator;
    },
    get sdk() {
      return sdk;
    },
  };
}

/** Stands last in a suite: all that went over the wire in it is as Twilio publishes it. @param atLeast so many exchanges are looked at */
export function isAsPublished({ exchanges }: Lab, atLeast: number): void {
  it('answers in the shapes that Twilio publishes, where its documents are at hand', () => {
    expect(exchanges.length).toBeGreaterThanOrEqual(atLeast);
    if (!haveDocuments) return;
    const published = new PublishedApi();
    expect([...new Set(exchanges.filter(({ answer: { body } }) => typeof body !== 'string' || !body.startsWith('<')).flatMap((exchange) => published.departures(exchange)))]).toEqual([]);
  });
}
