import { setTimeout as sleep } from 'node:timers/promises';
import { runViewSchema, type RunView } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { printable } from '../output/printable.js';
import type { Session } from '../session.js';

const LOOK_MS = 300;
const MARK = { done: '✓', failed: '✗', skipped: '·', planned: ' ' } as const;

/** Tells the steps of a run as they are made, until it has ended. With `-o json` only the end is printed. */
export async function followRun(session: Session, run: string): Promise<RunView> {
  const told = new Set<string>();
  for (;;) {
    const view = await session.api.ask({ path: path('api', 'runs', run) }, runViewSchema);
    const settled = view.steps.filter(({ key, state }) => state !== 'planned' && !told.has(key));
    for (const { key, says, tenant, state, fault } of settled) {
      told.add(key);
      if (session.output === 'table') session.terminal.out(`  ${printable(`${MARK[state]} ${tenant === '_' ? '' : `${tenant}: `}${says}${fault === null ? '' : `: ${fault}`}`)}\n`);
    }
    if (view.state !== 'running') return view;
    await sleep(LOOK_MS);
  }
}

/** How a run ended, in a line, and what is still waited for. */
export function describeRun(view: RunView): string {
  const seconds = view.endedAt === null ? '' : ` after ${((Date.parse(view.endedAt) - Date.parse(view.startedAt)) / 1_000).toFixed(1)} s`;
  const count = (state: RunView['steps'][number]['state']): number => view.steps.filter((step) => step.state === state).length;
  const left = count('failed') + count('skipped');
  const lines = [`run ${view.run} is ${view.state}${seconds}: ${count('done')} done${left === 0 ? '' : `, ${left} left`}${view.fault === null ? '' : `: ${view.fault}`}`];
  return `${[...lines, ...view.waiting.map(({ tenant, what, why, who }) => `  waiting: ${tenant} ${what}: ${why} ${who}`)].map(printable).join('\n')}\n`;
}

/** 0 only for what is whole. */
export const exitOf = ({ state }: RunView): ExitCode => (state === 'whole' ? EXIT.ok : EXIT.failed);
