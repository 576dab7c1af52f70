import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { sheetKindSchema } from '../../http/sheets.js';

/** Somebody, or a device, has used the one-time link of a sheet. */
export const DeviceSheetTakenV1 = defineEvent({
  name: 'DeviceSheetTaken',
  version: 1,
  domain: 'extensions',
  aggregate: 'sheet',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A device sheet was handed over by its one-time link, which is used up now: the first sign of life of a device that fetches it itself.',
  data: z.object({
    environment: z.string(),
    kind: sheetKindSchema,
    extensions: z.array(z.string()).min(1),
    by: z.enum(['person', 'device']).describe('By the button of its page, or fetched as a file.'),
    from: z.string().describe('The address that asked, as far as it was told; a hint, no proof.'),
    userAgent: z.string(),
  }),
  example: { environment: 'prod', kind: 'grandstream', extensions: ['201'], by: 'device', from: '203.0.113.7', userAgent: 'Grandstream Model HW GXP2170 SW 1.0.11.70' },
});
