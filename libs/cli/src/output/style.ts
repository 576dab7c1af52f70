/** How parts of a text are set off; without colour each gives its text unchanged. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
}

const paint = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
const plain = (text: string): string => text;

const COLOURED: Style = { strong: paint(1, 22), dim: paint(2, 22), good: paint(32, 39), bad: paint(31, 39), warn: paint(33, 39) };
const PLAIN: Style = { strong: plain, dim: plain, good: plain, bad: plain, warn: plain };

export const styleFor = (colour: boolean): Style => (colour ? COLOURED : PLAIN);
