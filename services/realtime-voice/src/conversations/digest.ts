import type { SpokenTurn } from '../engine/voice-engine.js';

const MAX = 600;

/** A summary that needs no model: the caller's words, newest first until the room is used up, and the agent's last sentence. */
export function digestOf(history: readonly SpokenTurn[]): string {
  const caller = history.filter((turn) => turn.role === 'caller' && turn.text !== '').map((turn) => turn.text.trim());
  const agent = history.findLast((turn) => turn.role === 'agent')?.text.trim();
  const kept: string[] = [];
  for (const text of caller.toReversed()) {
    if (kept.join(' | ').length + text.length > MAX) break;
    kept.unshift(text);
  }
  const said = kept.length === 0 ? 'The caller has said nothing that was understood.' : `Caller said: ${kept.join(' | ')}.`;
  return agent === undefined || agent === '' ? said : `${said} Agent said last: ${agent.slice(0, 200)}`;
}
