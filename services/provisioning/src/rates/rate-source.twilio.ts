import { PermanentError, TransientError } from '@troncal/kernel';
import type { Twilio } from 'twilio';
import { z } from 'zod';
import { RateSource, type Rate } from './rate-source.js';

// Prices are texts, whatever the SDK's types say.
const price = z.union([z.string().regex(/^\d+(\.\d+)?$/), z.number()]).transform(Number).pipe(z.number().min(0).max(1_000));
const pricesSchema = z.array(z.object({ destinationPrefixes: z.array(z.string().regex(/^[1-9]\d{0,14}$/)), currentPrice: price }));
const unitSchema = z.string().regex(/^[A-Za-z]{3}$/);
const microsOf = (each: number): number => Math.round(each * 1_000_000);

/** The list prices of the account at Twilio's Pricing API (v2, Voice/Countries). */
export class TwilioRateSource extends RateSource {
  constructor(private readonly twilio: Pick<Twilio, 'pricing'>) {
    super();
  }

  async pricesTo(country: string): Promise<readonly Rate[]> {
    const found = await this.twilio.pricing.v2.voice.countries(country).fetch();
    const prices = pricesSchema.safeParse(found.outboundPrefixPrices);
    const unit = unitSchema.safeParse(found.priceUnit);
    if (!prices.success || !unit.success) throw new TransientError('twilio_odd_answer', `Twilio's prices to ${country} have another form than documented.`, { details: { country }, remedy: 'The prices known so far hold; if it stays so, compare the answer with Twilio’s Pricing API v2.' });
    const highest = new Map<string, number>();
    for (const { destinationPrefixes, currentPrice } of prices.data) {
      for (const prefix of destinationPrefixes) highest.set(`+${prefix}`, Math.max(microsOf(currentPrice), highest.get(`+${prefix}`) ?? 0));
    }
    if (highest.size === 0) throw new PermanentError('no_prices', `Twilio has no prices to ${country}.`, { status: 404, details: { country }, remedy: 'Check the country’s code, or set OUTBOUND_DEFAULT_RATE_MICROS.' });
    return [...highest].map(([prefix, perMinuteMicros]) => ({ prefix, currency: unit.data.toUpperCase(), perMinuteMicros }));
  }
}
