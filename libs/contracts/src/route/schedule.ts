import { z } from 'zod';
import { nodeIdSchema } from './node-id.js';

/** Days of the week as ISO 8601 counts them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Countries whose national holidays are known (`libs/callflow`). */
export const holidayCountrySchema = z.enum(['AR', 'CL', 'CO', 'ES', 'MX', 'PE', 'US']);
export type HolidayCountry = z.infer<typeof holidayCountrySchema>;

/** Listing them takes a millisecond: too long for each tenant of a thousand. */
let zones: ReadonlySet<string> | undefined;
const isTimeZone = (name: string): boolean => (zones ??= new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])).has(name);

export const timeZoneSchema = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, 'expected an IANA time zone, e.g. America/Santiago');

/** Local opening hours, `09:00-18:30`. One that ends at or before its beginning goes on into the next day: `22:00-06:00`. */
const hoursSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'opening hours are HH:MM-HH:MM, e.g. 09:00-18:30; 24:00 is the end of the day');

const dayHoursSchema = z.array(hoursSchema).max(8);
const dates = z.array(z.iso.date()).max(400);

/**
 * Where the call goes by the time of day. A day's hours are those of `dates` where that names it; else none on a holiday; else the week's. Hours that go
 * on past midnight belong to the day that they begin on.
 */
export const scheduleNodeSchema = z.object({
  kind: z.literal('schedule'),
  hours: z.partialRecord(z.enum(WEEKDAYS), dayHoursSchema).describe('Opening hours by day of the week; a day that is not named is closed.'),
  dates: z
    .record(z.iso.date(), dayHoursSchema)
    .refine((days) => Object.keys(days).length <= 400, 'at most 400 dates')
    .default({})
    .describe('Hours of single dates, in place of the week’s and of a holiday: {"2026-12-24": ["09:00-13:00"], "2026-12-31": []}; none means closed.'),
  holidays: z
    .object({
      country: holidayCountrySchema.optional().describe('Its national holidays count; days set by yearly decree or by a region have to be named in `dates`.'),
      dates: dates.default([]).describe('Further ones.'),
    })
    .optional(),
  timeZone: timeZoneSchema.optional().describe('IANA name; the tenant’s if left out.'),
  onOpen: nodeIdSchema,
  onClosed: nodeIdSchema,
  onHoliday: nodeIdSchema.optional().describe('On a holiday; onClosed if left out.'),
});
