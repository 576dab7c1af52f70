import { sheetsCsv, writeSheet, type SheetFacts } from '@troncal/device-sheets';
import type { IssuedSheet } from './issued-sheet.js';

/** What a link hands over. */
export interface SheetFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly body: string;
}

/**
 * Writes the file of a sheet from what holds now.
 * @param facts of its endpoints, in order
 * @throws PermanentError as writeSheet does
 */
export function sheetFile({ kind, mac, tenant }: Pick<IssuedSheet, 'kind' | 'mac' | 'tenant'>, facts: readonly SheetFacts[]): SheetFile {
  if (kind === 'csv') return { fileName: `${tenant}.csv`, mediaType: 'text/csv; charset=utf-8; header=present', body: sheetsCsv(facts) };
  const [only] = facts;
  if (!only) throw new Error(`A sheet of kind ${kind} is of one endpoint.`);
  return writeSheet(kind, only, mac === null ? {} : { mac });
}
