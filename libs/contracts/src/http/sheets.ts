import { z } from 'zod';
import { macSchema } from '../declaration/declared-device.js';
import { environmentNameSchema } from '../declaration/environment.js';
import { endpointExtensionSchema } from './provisioning.js';

/** What a device sheet is written for: kinds of device, `text` and `html` for people, and `csv`, one table of all endpoints asked for. */
export const sheetKindSchema = z.enum(['grandstream', 'grandstream-ht', 'yealink', 'microsip', 'linphone', 'zoiper', 'groundwire', 'text', 'html', 'csv']);
export type SheetKindName = z.infer<typeof sheetKindSchema>;

/** POST /api/tenants/{code}/sheets */
export const issueSheetsSchema = z.strictObject({
  environment: environmentNameSchema,
  endpoints: z.array(endpointExtensionSchema).min(1).max(1000).optional().describe('Extensions; all of the tenant when absent.'),
  kinds: z.array(sheetKindSchema).min(1).max(10).default(['html']),
  ttlMinutes: z.int().min(5).max(10_080).default(1_440).describe('How long a link may be used; a day when absent, a week at most.'),
  macs: z.record(endpointExtensionSchema, macSchema).optional().describe('MAC address by extension: names the file that a Grandstream or Yealink asks for. The declared one when left out.'),
});

/** A link as it is shown once, in the answer that made it. */
export const issuedSheetSchema = z.object({
  id: z.string(),
  kind: sheetKindSchema,
  extensions: z.array(z.string()),
  fileName: z.string(),
  url: z.string().describe('For a person: a page with a button that hands the sheet over. A path when the service has no PUBLIC_URL.'),
  deviceUrl: z.string().nullable().describe('For the device itself, which fetches it by GET: the folder to which a Grandstream or Yealink adds its file’s name, or the file.'),
  expiresAt: z.iso.datetime(),
});
export const issuedSheetsSchema = z.object({ sheets: z.array(issuedSheetSchema) });

/** GET /api/tenants/{code}/sheets: the newest first. Without the link: only its hash is kept. */
export const sheetViewSchema = z.object({
  id: z.string(),
  environment: z.string(),
  kind: sheetKindSchema,
  extensions: z.array(z.string()),
  issuedBy: z.string(),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  state: z.enum(['open', 'taken', 'expired', 'revoked']),
  taken: z.object({ at: z.iso.datetime(), from: z.string(), userAgent: z.string() }).nullable(),
});
export const sheetListSchema = z.object({ sheets: z.array(sheetViewSchema) });

export type IssueSheets = z.output<typeof issueSheetsSchema>;
export type IssuedSheetView = z.infer<typeof issuedSheetSchema>;
export type SheetView = z.infer<typeof sheetViewSchema>;
