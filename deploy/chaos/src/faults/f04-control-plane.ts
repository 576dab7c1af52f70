import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@troncal/testing';
import { ConversationStartedV1, EdgeConnectedV1 } from '@troncal/contracts';
import { adoptedSince, callsLive, convergence, edgeReconciled, everythingReady, Listener, outboxesEmpty } from './convergence.js';
import { atMost } from '../judge/finding.js';
import type { Fault, Played, Stage } from './fault.js';

/** Everything but Asterisk. */
const CONTROL_PLANE = ['ari-gateway', 'realtime-voice', 'light', 'nats', 'postgres'];
const DOWN_MS = 60_000;
/** The conversations begin anew after the calls were taken up: a media leg each, and the past read again. */
const AGENTS_BACK_MS = 10_000;
const ARRIVAL_EVERY_MS = 2_800;

async function play(stage: Stage): Promise<Played> {
  const { troncal, workload, room, say } = stage;
  const listener = await Listener.open(troncal);
  await troncal.hold(CONTROL_PLANE);
  const faultAtMs = Date.now();
  for (const name of CONTROL_PLANE) troncal.signal(name, 'SIGKILL');
  say(`killed ${CONTROL_PLANE.join(', ')}; they stay down for ${DOWN_MS / 1_000} s`);
  workload.arrivals.start(ARRIVAL_EVERY_MS);
  await sleep(DOWN_MS / 2);
  const left = await workload.someLeave();
  await sleep(DOWN_MS / 2);
  await workload.arrivals.stop();
  const up = workload.upCalls;
  const releasedAtMs = Date.now();
  const released = troncal.release(CONTROL_PLANE);
  // Waited for further down; until then a failure must not end the run.
  released.catch(() => {});
  say('everything may start again');
  // The outage is over when the two that everything stands on answer: how long PostgreSQL's own recovery takes is the disk's affair.
  const liftedAtMs = await eventually('PostgreSQL and NATS answer', async () => (await room.basicsAnswer()) && Date.now(), 60_000);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [edgeReconciled(stage, releasedAtMs), outboxesEmpty(stage)], [callsLive(stage), everythingReady(stage)]);
  await released;
  const agents = workload.steadyCalls.filter(({ person, call }) => person === undefined && call.callEnd === undefined).length;
  const agentsBackMs = await agentsBack(listener, liftedAtMs, agents);
  const agentsFinding = atMost(`voice agent back with each of its ${agents} callers`, AGENTS_BACK_MS, agentsBackMs.count === agents ? agentsBackMs.ms : null, 'ms', [`${agentsBackMs.count} came back`]);
  const [connected] = listener.since(EdgeConnectedV1, releasedAtMs);
  const notes = [
    `PostgreSQL and NATS answered ${liftedAtMs - releasedAtMs} ms after everything was started; from then on: ${steps}`,
    `${left} callers hung up meanwhile; ${up} of the other ${workload.steadyCalls.length - left} were up when everything came back`,
    `gateway reconciled ${connected ? `${Date.parse(connected.envelope.time) - releasedAtMs} ms after everything was started: ${JSON.stringify(connected.envelope.data)}` : 'never'}`,
    `${workload.arrivals.all.length} callers came meanwhile; ${adoptedSince(listener, releasedAtMs)} still waited and were taken in`,
  ];
  await listener.stop();
  return { times: { faultAtMs, liftedAtMs, convergedAtMs }, findings: [agentsFinding], notes };
}

async function agentsBack(listener: Listener, sinceMs: number, wanted: number): Promise<{ readonly count: number; readonly ms: number }> {
  const back = (): number[] => listener.since(ConversationStartedV1, sinceMs).filter(({ envelope }) => (envelope.data as { resumed?: boolean }).resumed === true).map(({ envelope }) => Date.parse(envelope.time) - sinceMs);
  for (let tries = 0; tries < 200 && back().length < wanted; tries += 1) await sleep(100);
  return { count: back().length, ms: Math.max(0, ...back()) };
}

/** F4: the control plane is gone, and the telephones don't care. */
export const F4: Fault = {
  code: 'F4',
  what: `kill -9 of the whole control plane with NATS and PostgreSQL; down for ${DOWN_MS / 1_000} s while new callers come`,
  bounds: { convergedMs: 5_000, gapMs: 60, arrivalHearsMs: 2_000 },
  arrivals: Math.floor(DOWN_MS / ARRIVAL_EVERY_MS),
  plant: {
    defect: 'a gateway that comes back and does not look what became of its calls',
    changes: [{ module: 'services/ari-gateway/{}/reconcile/reconcile-edge', find: 'const { snapshot, states } = await this.lookAndListen();', replace: 'return { reownedCalls: 0, endedCalls: 0 };' }],
  },
  play,
};
