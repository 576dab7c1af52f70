import type { Verb } from './verb.js';
import { connect } from './verbs/connect.js';
import { dial } from './verbs/dial.js';
import { enqueue } from './verbs/enqueue.js';
import { gather } from './verbs/gather.js';
import { hangup, leave, redirect, reject } from './verbs/control.js';
import { pause, play, say } from './verbs/prompts.js';
import { record } from './verbs/record.js';
import { refer } from './verbs/refer.js';
import { start, stop } from './verbs/start.js';

const VERBS: Readonly<Record<string, Verb>> = {
  Say: say,
  Play: play,
  Pause: pause,
  Gather: gather,
  Dial: dial,
  Record: record,
  Enqueue: enqueue,
  Leave: leave,
  Redirect: redirect,
  Reject: reject,
  Refer: refer,
  Hangup: hangup,
  Connect: connect,
  Start: start,
  Stop: stop,
};

/** What executes a verb that the schema let through. */
export function verbOf(name: string): Verb {
  const verb = VERBS[name];
  if (verb === undefined) throw new Error(`<${name}> is in the schema, but nothing executes it`);
  return verb;
}
