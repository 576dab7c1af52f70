import { z } from 'zod';

type Schema = z.core.$ZodType;
type Path = readonly (string | number)[];

/**
 * The paths of fields in `value` that the schema doesn't name, at any depth. Looks at the schema's input side, so transforms don't
 * matter, and at values that are wrong otherwise too, so that all faults of a request can be told at once.
 */
export function unknownFields(schema: Schema, value: unknown, path: Path = []): Path[] {
  if (schema instanceof z.ZodObject) return inObject(schema, value, path);
  if (schema instanceof z.ZodArray) return Array.isArray(value) ? value.flatMap((item, index) => unknownFields(schema.element, item, [...path, index])) : [];
  if (schema instanceof z.ZodRecord) return isRecord(value) ? Object.entries(value).flatMap(([key, item]) => unknownFields(schema.valueType, item, [...path, key])) : [];
  if (schema instanceof z.ZodUnion) return inUnion(schema, value, path);
  if (schema instanceof z.ZodIntersection) return inIntersection(schema, value, path);
  if (schema instanceof z.ZodPipe) return unknownFields(schema.in, value, path);
  if (schema instanceof z.ZodLazy) return unknownFields(schema.unwrap(), value, path);
  if (hasInner(schema)) return value === undefined || value === null ? [] : unknownFields(schema.def.innerType, value, path);
  return [];
}

function inObject(schema: z.ZodObject, value: unknown, path: Path): Path[] {
  if (!isRecord(value)) return [];
  const { catchall } = schema.def;
  return Object.entries(value).flatMap(([key, item]) => {
    const field = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    if (field) return unknownFields(field, item, [...path, key]);
    return catchall && !(catchall instanceof z.ZodNever) ? unknownFields(catchall, item, [...path, key]) : [[...path, key]];
  });
}

/** Of a union the option that the value fits; when it fits none, the one with the same discriminator, or no complaint: the type error says enough. */
function inUnion(schema: z.ZodUnion, value: unknown, path: Path): Path[] {
  const fitting = schema.options.filter((option) => z.safeParse(option, value).success);
  const candidates = fitting.length > 0 ? fitting : schema instanceof z.ZodDiscriminatedUnion ? sameKind(schema, value) : [];
  return candidates.map((option) => unknownFields(option, value, path)).sort((a, b) => a.length - b.length)[0] ?? [];
}

function sameKind(schema: z.ZodDiscriminatedUnion, value: unknown): Schema[] {
  if (!isRecord(value)) return [];
  const { discriminator } = schema.def;
  return schema.options.filter((option) => {
    const field = option instanceof z.ZodObject ? (option.shape as Record<string, Schema>)[discriminator] : undefined;
    return field !== undefined && z.safeParse(field, value[discriminator]).success;
  });
}

function inIntersection(schema: z.ZodIntersection, value: unknown, path: Path): Path[] {
  const right = new Set(unknownFields(schema.def.right, value, path).map((found) => found.join('/')));
  return unknownFields(schema.def.left, value, path).filter((found) => right.has(found.join('/')));
}

/** Optional, nullable, default, prefault, catch, readonly, nonoptional. */
function hasInner(schema: Schema): schema is Schema & { readonly def: { readonly innerType: Schema } } {
  return 'innerType' in schema._zod.def;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
