import { TransientError } from '@troncal/kernel';
import type { Twilio } from 'twilio';
import { z } from 'zod';
import { isMissing } from '../twilio/account/twilio-account.errors.js';
import { RentSource, type CountryRents } from './rent-source.js';

// Prices are texts, whatever the SDK's types say.
const price = z.union([z.string().regex(/^\d+(\.\d+)?$/), z.number()]).transform(Number).pipe(z.number().min(0).max(100_000));
const rentsSchema = z.object({ phoneNumberPrices: z.array(z.object({ numberType: z.string(), currentPrice: price })), priceUnit: z.string().regex(/^[A-Za-z]{3}$/) });

/** The list prices of the account at Twilio's Pricing API (v1, PhoneNumbers/Countries). */
export class TwilioRentSource extends RentSource {
  constructor(private readonly twilio: Pick<Twilio, 'pricing'>) {
    super();
  }

  async rentsIn(country: string): Promise<CountryRents> {
    const found = await this.twilio.pricing.v1.phoneNumbers.countries(country).fetch().catch(unlessMissing);
    if (found === undefined) return { currency: 'USD', perMonthMicros: new Map() };
    const read = rentsSchema.safeParse(found);
    if (!read.success) throw new TransientError('twilio_odd_answer', `Twilio's prices of numbers in ${country} have another form than documented.`, { details: { country }, remedy: 'If it stays so, compare the answer with Twilio’s Pricing API v1.' });
    const { phoneNumberPrices, priceUnit } = read.data;
    return { currency: priceUnit.toUpperCase(), perMonthMicros: new Map(phoneNumberPrices.map(({ numberType, currentPrice }) => [numberType, Math.round(currentPrice * 1_000_000)])) };
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}
