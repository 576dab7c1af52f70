import type { Line } from './line.js';

/** A line to somebody who is called: nothing happens on it before it is started. */
export interface OutgoingLine extends Line {
  start(): void;
}
