import { setTimeout as sleep } from 'node:timers/promises';
import { adoptedSince, callsLive, convergence, edgeReconciled, everythingReady, Listener, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const DOWN_MS = 30_000;
const ARRIVALS = 20;

async function play(stage: Stage): Promise<Played> {
  const { troncal, workload, say } = stage;
  const listener = await Listener.open(troncal);
  await troncal.hold(['ari-gateway']);
  const faultAtMs = Date.now();
  troncal.signal('ari-gateway', 'SIGKILL');
  say(`killed ari-gateway; it stays down for ${DOWN_MS / 1_000} s`);
  workload.arrivals.start((DOWN_MS - 2_000) / ARRIVALS);
  await sleep(DOWN_MS / 2);
  const left = await workload.someLeave();
  await sleep(DOWN_MS / 2);
  await workload.arrivals.stop();
  const liftedAtMs = Date.now();
  await troncal.release(['ari-gateway']);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [edgeReconciled(stage, liftedAtMs), outboxesEmpty(stage), callsLive(stage)], [everythingReady(stage)]);
  const notes = [`from the start of the gateway's process: ${steps}`, `${left} callers hung up meanwhile`, `${workload.arrivals.all.length} callers came meanwhile; ${adoptedSince(listener, liftedAtMs)} still waited and were taken in`];
  await listener.stop();
  return { times: { faultAtMs, liftedAtMs, convergedAtMs }, findings: [], notes };
}

/** F5: the ARI application is away. */
export const F5: Fault = {
  code: 'F5',
  what: `kill -9 of the ARI application; down for ${DOWN_MS / 1_000} s while ${ARRIVALS} new callers come`,
  bounds: { convergedMs: 5_000, gapMs: 60, arrivalHearsMs: 2_000 },
  arrivals: ARRIVALS,
  plant: {
    defect: 'a dialplan that hangs up whom the application does not take, instead of serving the caller itself',
    changes: [{ module: 'asterisk/{}/render-edge', find: "fs.readFileSync(path.join(TEMPLATES, file), 'utf8');", replace: "fs.readFileSync(path.join(TEMPLATES, file), 'utf8').replace('n,Goto(troncal-fallback,s,1)', 'n,Hangup(38)');" }],
  },
  play,
};
