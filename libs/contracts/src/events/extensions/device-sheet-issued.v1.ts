import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { sheetKindSchema } from '../../http/sheets.js';

/** A one-time link to a device sheet exists. */
export const DeviceSheetIssuedV1 = defineEvent({
  name: 'DeviceSheetIssued',
  version: 1,
  domain: 'extensions',
  aggregate: 'sheet',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A one-time link to the settings of one or more endpoints was made; neither the link nor a password is in the event.',
  data: z.object({
    environment: z.string(),
    kind: sheetKindSchema,
    extensions: z.array(z.string()).min(1),
    issuedBy: z.string().describe('The id of the API key that asked for it.'),
    expiresAt: z.iso.datetime(),
  }),
  example: { environment: 'prod', kind: 'grandstream', extensions: ['201'], issuedBy: 'platform', expiresAt: '2026-12-01T13:00:00.000Z' },
});
