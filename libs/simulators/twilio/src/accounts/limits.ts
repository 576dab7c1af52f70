import { z } from 'zod';

/** How much of each an account may have (reference/twilio.md section 2, from Twilio's documentation), and what an upgrade changes. */
export const limitsSchema = z.strictObject({
  domainsPerAccount: z.int().min(0).default(100),
  listsPerAccount: z.int().min(0).default(100),
  listsPerDomain: z.int().min(0).default(100),
  credentialsPerList: z.int().min(0).default(1_000),
  addressListsPerAccount: z.int().min(0).default(100),
  addressListsPerDomain: z.int().min(0).default(100),
  addressesPerList: z.int().min(0).default(100),
  usageTriggers: z.int().min(0).default(200),
  subaccounts: z.int().min(0).default(1_000),
});
export type Limits = z.output<typeof limitsSchema>;
