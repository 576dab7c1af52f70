import { z } from 'zod';

/** Marks the schemas whose values are never printed. */
const secrets = z.registry<{ secret: true }>();

/** A secret, a text of at least `min` characters. May be given as NAME or as NAME_FILE, the path of a file that holds it. */
export function secret(min = 1): z.ZodString {
  return z
    .string()
    .min(min)
    .describe(min > 1 ? `a secret of at least ${min} characters` : 'a secret')
    .register(secrets, { secret: true });
}

/**
 * An address that may carry a user and password, so it's treated as a secret.
 * @param schemes accepted ones, without the colon: `['postgres', 'postgresql']`
 */
export function secretUrl(schemes: readonly string[]): z.ZodString {
  return z
    .string()
    .refine((text) => hasScheme(text, schemes))
    .describe(`an address ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`)
    .register(secrets, { secret: true });
}

/** An address without secrets in it: `url(['http', 'https'])`. */
export function url(schemes: readonly string[]): z.ZodString {
  return z
    .string()
    .refine((text) => hasScheme(text, schemes))
    .describe(`an address ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`);
}

/** A TCP or UDP port. 0 (any free one) only when allowed. */
export function port(options: { readonly zero?: boolean } = {}): z.ZodCoercedNumber {
  const least = options.zero ? 0 : 1;
  return z.coerce.number().int().min(least).max(65_535).describe(`a port, ${least} to 65535`);
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): z.ZodCoercedNumber {
  return z.coerce.number().int().min(least).max(most).describe(`a whole number from ${least} to ${most}`);
}

/** A switch: true, false, 1, 0, yes, no, on, off. */
export function flag(): ReturnType<typeof z.stringbool> {
  return z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] }).describe('true or false');
}

/** A list separated by commas; blanks around the parts and empty parts are dropped. */
export function list(): z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>> {
  return z
    .string()
    .describe('a list separated by commas')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
}

/** A program and its arguments as a JSON list: a command line would have to be split, and paths have blanks in them. */
export function argv(): z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>> {
  return z
    .string()
    .describe('a program and its arguments as a JSON list, for example ["espeak-ng"]')
    .transform((text, context) => {
      try {
        return z.array(z.string().min(1)).min(1).parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'not a JSON list of texts' });
        return z.NEVER;
      }
    });
}

/** Names and texts as a JSON object. */
export function texts(): z.ZodPipe<z.ZodString, z.ZodTransform<Record<string, string>, string>> {
  return z
    .string()
    .describe('names and texts as a JSON object, for example {"MEDIA_URL":"ws://10.0.0.9:9092/media"}')
    .transform((text, context) => {
      try {
        return z.record(z.string().min(1), z.string()).parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'not a JSON object of texts' });
        return z.NEVER;
      }
    });
}

/** True when the value of this schema must not be printed; sees through optional, default, pipes and added checks. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return chain(schema).some((part) => secrets.has(part) || secrets.get(part as z.ZodType) !== undefined);
}

/** The schema's own words for what it expects. */
export function expectation(schema: z.core.$ZodType): string | undefined {
  for (const part of chain(schema)) {
    const description = z.globalRegistry.get(part)?.description;
    if (description !== undefined) return description;
  }
  return undefined;
}

function chain(schema: z.core.$ZodType): z.core.$ZodType[] {
  const parts: z.core.$ZodType[] = [];
  const open: z.core.$ZodType[] = [schema];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    parts.push(part);
    const def = part._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
    if (def.innerType) open.push(def.innerType);
    if (def.in) open.push(def.in);
  }
  return parts;
}

function hasScheme(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1));
}
