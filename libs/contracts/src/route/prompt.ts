import { z } from 'zod';

/** Languages that prompts can be spoken in. */
export const languageSchema = z.enum(['es', 'en']);
export type Language = z.infer<typeof languageSchema>;

/** What the caller hears: the text per language; the route's language wins, else the first one given. */
export const promptSchema = z
  .object({ say: z.partialRecord(languageSchema, z.string().trim().min(1).max(2_000)) })
  .refine((prompt) => Object.keys(prompt.say).length > 0, { message: 'a prompt needs a text in at least one language', path: ['say'] });
export type Prompt = z.infer<typeof promptSchema>;
