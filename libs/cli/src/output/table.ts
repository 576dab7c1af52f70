import { printable } from './printable.js';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** The cell; nothing is shown as `-`. */
  readonly value: (row: Row) => string | number | null | undefined;
  /** Numbers read better to the right. */
  readonly align?: 'left' | 'right';
  /** How the cell is set off. */
  readonly paint?: (row: Row) => (text: string) => string;
}

type Cell = string | number | null | undefined;
const plain = (text: string): string => text;

// Cells come from others: a control character must neither reach the terminal nor shift a column.
const textOf = (cell: Cell): string => (cell === null || cell === undefined || cell === '' ? '-' : printable(String(cell)));
const width = (text: string): number => Array.from(text).length;

function pad(text: string, to: number, align: 'left' | 'right' = 'left', paint: (text: string) => string = plain): string {
  const fill = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'right' ? fill + paint(text) : paint(text) + fill;
}

/** Aligned columns with a heading, two spaces between them, no trailing blanks. No rows give `nothing`. Ends with a line break. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): string {
  if (rows.length === 0) return `${nothing}\n`;
  const laid = columns.map((column) => {
    const cells = rows.map((row) => textOf(column.value(row)));
    const widest = Math.max(width(column.title), ...cells.map(width));
    return [pad(column.title, widest, column.align), ...cells.map((cell, index) => pad(cell, widest, column.align, column.paint?.(rows[index]!)))];
  });
  return Array.from({ length: rows.length + 1 }, (_, line) => `${laid.map((cells) => cells[line]).join('  ').trimEnd()}\n`).join('');
}

/** `name  value` lines with the values aligned. */
export function facts(pairs: readonly (readonly [name: string, value: Cell])[], indent = ''): string {
  const widest = Math.max(0, ...pairs.map(([name]) => width(name)));
  return pairs.map(([name, value]) => `${indent}${pad(name, widest)}  ${textOf(value)}\n`).join('');
}
