import pg from 'pg';

const INT8 = 20;
const DATE = 1082;
type Parse = (text: string) => unknown;

/**
 * bigint as number (refused when it doesn't fit one exactly), date as its text (pg makes it midnight in the process's time zone),
 * the rest as pg does: timestamptz a Date, numeric text, jsonb parsed.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(type: number, format?: 'text' | 'binary'): Parse {
    if (format !== 'binary') {
      if (type === INT8) return wholeNumber;
      if (type === DATE) return (text) => text;
    }
    return pg.types.getTypeParser(type, format ?? 'text') as Parse;
  },
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`The bigint ${text} doesn't fit a JavaScript number. Select it as text (column::text).`);
}
