import type { Language } from '@troncal/contracts';
import type { ApiClient } from './api/api-client.js';
import type { Context } from './context/context.js';
import { json } from './output/json.js';
import type { Style } from './output/style.js';
import type { Terminal } from './output/terminal.js';

/** What every verb works with. */
export interface Session {
  readonly terminal: Terminal;
  readonly style: Style;
  readonly language: Language;
  readonly output: 'table' | 'json';
  readonly context: Context;
  readonly api: ApiClient;
}

/** Prints a result as `-o` asks: the value itself, or its text for people. */
export function show(session: Session, value: unknown, text: () => string): void {
  session.terminal.out(session.output === 'json' ? json(value) : text());
}
