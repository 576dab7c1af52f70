import { setTimeout as sleep } from 'node:timers/promises';
import { ConversationStartedV1 } from '@troncal/contracts';
import type { Finding } from '../judge/evidence.js';
import { atMost } from '../judge/finding.js';
import { callsLive, convergence, everythingReady, Listener, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const FROZEN_MS = 30_000;
/** Greetings are over by then. */
const GREETED_MS = 9_000;
/** Found frozen within 3 s, and the second attempt to have it back is when the music begins. */
const HEARS_MS = 5_000;
/** Another process takes so long to be there on two cores. */
const BACK_MS = 10_000;
const SOUND_DBFS = -45;

async function play(stage: Stage): Promise<Played> {
  const { troncal, workload, say } = stage;
  const listener = await Listener.open(troncal);
  await sleep(GREETED_MS);
  const callers = workload.steadyCalls.filter(({ person }) => person === undefined);
  const faultAtMs = Date.now();
  const fromMs = performance.now();
  const frozen = troncal.signal('realtime-voice', 'SIGSTOP');
  say(`realtime-voice (${frozen}) is frozen`);
  await sleep(FROZEN_MS);
  const waits = callers.map(({ name, call }) => ({ name, ms: call.heard.between(fromMs).find((frame) => frame.dbfs >= SOUND_DBFS)?.atMs }));
  const back = listener.since(ConversationStartedV1, faultAtMs).filter(({ envelope }) => (envelope.data as { resumed?: boolean }).resumed === true).map(({ envelope }) => Date.parse(envelope.time) - faultAtMs);
  const liftedAtMs = Date.now();
  const woke = wake(frozen);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [everythingReady(stage), callsLive(stage), outboxesEmpty(stage)]);
  await listener.stop();
  const deaf = waits.filter(({ ms }) => ms === undefined).map(({ name }) => `${name} heard nothing`);
  const heardMs = deaf.length > 0 ? null : Math.max(...waits.map(({ ms }) => (ms ?? 0) - fromMs));
  const fenced: Finding = { rule: 'the frozen process does nothing when it wakes', bound: 'gone', measured: woke ? 'it woke' : 'gone', ok: !woke, offenders: [] };
  return {
    times: { faultAtMs, liftedAtMs, convergedAtMs },
    findings: [atMost(`its ${callers.length} callers hear something else`, HEARS_MS, heardMs, 'ms', deaf), atMost('agent back with each of them', BACK_MS, back.length < callers.length ? null : Math.max(...back), 'ms', [`${back.length} came back`]), fenced],
    notes: [steps],
  };
}

/** Lets it go on; false when it is dead. */
function wake(pid: number): boolean {
  try {
    process.kill(pid, 'SIGCONT');
    return true;
  } catch {
    return false;
  }
}

/** F7: the agents' process stands still and looks alive. */
export const F7: Fault = {
  code: 'F7',
  what: `SIGSTOP of realtime-voice for ${FROZEN_MS / 1_000} s: its sockets stay open and nobody is told`,
  bounds: { convergedMs: 5_000, gapMs: 60 },
  arrivals: 0,
  plant: {
    defect: 'a launcher that does not notice that a process is frozen',
    changes: [{ module: 'deploy/embedded/{}/life-watch', find: 'if (misses === MISSES && isOn())', replace: 'if (misses === Infinity)' }],
  },
  play,
};
