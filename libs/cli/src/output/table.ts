import { stripVTControlCharacters } from 'node:util';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** The cell; null and undefined are shown as `-`. */
  readonly value: (row: Row) => string | number | null | undefined;
  /** Numbers read better to the right. */
  readonly align?: 'left' | 'right';
}

// Colour codes have no width; line breaks would break the row.
const width = (cell: string): number => [...stripVTControlCharacters(cell)].length;
const oneLine = (cell: string | number | null | undefined): string => (cell === null || cell === undefined || cell === '' ? '-' : String(cell).replaceAll(/\s+/g, ' '));

function pad(cell: string, to: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, to - width(cell)));
  return align === 'right' ? fill + cell : cell + fill;
}

/** Aligned columns with a heading, two spaces between them, no trailing blanks. No rows give `nothing`. Ends with a line break. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): string {
  if (rows.length === 0) return `${nothing}\n`;
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => oneLine(column.value(row))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index] ?? ''))));
  return cells.map((line) => `${line.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join('  ').trimEnd()}\n`).join('');
}

/** `name  value` lines with the values aligned. */
export function facts(pairs: readonly (readonly [name: string, value: string | number | null | undefined])[], indent = ''): string {
  const widest = Math.max(0, ...pairs.map(([name]) => width(name)));
  return pairs.map(([name, value]) => `${indent}${pad(name, widest)}  ${oneLine(value)}\n`).join('');
}
