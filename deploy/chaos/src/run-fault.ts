import { errorText } from '@troncal/kernel';
import { EvidenceRoom } from './evidence/gather.js';
import type { Fault } from './faults/fault.js';
import { judge } from './judge/judge.js';
import type { FaultReport } from './report/report.js';
import { Troncal } from './troncal/troncal.js';
import { Neighbours } from './workload/neighbours.js';
import { Workload } from './workload/workload.js';

export interface RunOptions {
  /** Live calls while the fault lasts. */
  readonly calls: number;
  /** With the fault's deliberate defect in the running processes. */
  readonly planted: boolean;
  /** Leaves the state folder for looking into when it is red. */
  readonly keep: boolean;
  /** Asterisk and the phones, which are in this very process, go before the other processes of the run. */
  readonly precedence: boolean;
  /** Where this run's own use of the CPU is counted, if it is. */
  readonly usageFile?: string | undefined;
  readonly say: (line: string) => void;
}

const OPERATION_EVERY_MS = 250;

/** Plays one fault on a Troncal of its own and judges it. Never rejects: what could not be judged is red, with the reason. */
export async function runFault(fault: Fault, options: RunOptions): Promise<FaultReport> {
  const began = performance.now();
  const head = { code: fault.code, what: fault.what, planted: options.planted ? fault.plant.defect : null, calls: options.calls, began: new Date().toISOString() };
  const neighbours = new Neighbours(options.usageFile);
  const seconds = (): number => (performance.now() - began) / 1_000;
  try {
    const troncal = await Troncal.start({ changes: [...(fault.shims ?? []), ...(options.planted ? fault.plant.changes : [])] });
    options.say(`Troncal is ready (${Math.round(seconds())} s)`);
    let ok = false;
    try {
      const { findings, notes } = await playOn(troncal, fault, options);
      ok = findings.every((finding) => finding.ok);
      return { ...head, seconds: seconds(), findings, notes: [...notes, neighbours.stop()], broken: null };
    } finally {
      if (options.keep && !ok) options.say(`kept ${troncal.layout.stateDir}`);
      await troncal.stop(options.keep && !ok);
    }
  } catch (error) {
    return { ...head, seconds: seconds(), findings: [], notes: [neighbours.stop()], broken: errorText(error) };
  }
}

async function playOn(troncal: Troncal, fault: Fault, { calls, precedence, say }: RunOptions): Promise<Pick<FaultReport, 'findings' | 'notes'>> {
  const room = new EvidenceRoom(troncal);
  const workload = await Workload.open(troncal, { calls, arrivals: fault.arrivals, arrivalStaysMs: fault.arrivalStaysMs, precedence });
  try {
    say(`${calls} calls are up and hear each other`);
    workload.operations.start(OPERATION_EVERY_MS);
    workload.judgeAudioFromNow();
    const played = await fault.play({ troncal, workload, room, say });
    await workload.operations.stop();
    await workload.hangUp();
    say('all calls are hung up; gathering the evidence');
    const evidence = await room.gather(workload, played.times, fault.bounds);
    return { findings: [...judge(evidence), ...played.findings], notes: [...played.notes, ...workload.arrivals.failures, ...(workload.realTime ? [] : ['Asterisk and the phones could not be put before the other processes: holes may be those of waiting for a processor'])] };
  } finally {
    await workload.operations.stop();
    await workload.close();
    await room.close();
  }
}
