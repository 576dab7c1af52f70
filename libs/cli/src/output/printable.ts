/**
 * Text of others (a caller's words, a phone's name) made safe for a terminal: control characters, which could move the cursor, set
 * the window's title or hide a line, become blanks. Line breaks too: an event stays one line.
 */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();

/** The beginning of a long text, with an ellipsis when it was cut. */
export const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`);
