import { z } from 'zod';
import { problemError } from '../api/problem-error.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { facts, table } from '../output/table.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';

const reportSchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), state: z.enum(['ready', 'not_ready', 'degraded', 'left_out']), reason: z.string().optional() })),
});

const MARK = { ready: 'ready', not_ready: 'NOT READY', degraded: 'DEGRADED', left_out: 'left out' } as const;

/** What this clone's `npm start` runs; nothing when another installation is asked. */
function whereabouts(session: Session): string {
  try {
    const state = session.context.state();
    return facts([
      ['API', state.http.url],
      ['SIP', state.sip === null ? 'none: Asterisk does not run' : `${state.sip.host}:${state.sip.port}`],
      ['agent', state.openAi.simulated ? 'SIMULATED (no OPENAI_API_KEY)' : state.openAi.url],
      ['logs', state.directories.logs],
    ]);
  } catch (error) {
    if (error instanceof CliError) return '';
    throw error;
  }
}

export const status = verb(
  'status',
  'What runs, what is not ready, what is simulated; ends with 1 when a part is not ready',
  (yargs) => yargs,
  async (_args, session) => {
    const answer = await session.api.probe({ path: '/health/ready' });
    const report = reportSchema.safeParse(parsed(answer.text)).data;
    if (report === undefined) throw problemError('GET /health/ready', answer.status, answer.text);
    const { style } = session;
    show(session, report, () => {
      const parts = table(
        report.checks,
        [
          { title: 'PART', value: (check) => check.name },
          { title: 'STATE', value: (check) => MARK[check.state], paint: (check) => ({ ready: style.good, not_ready: style.bad, degraded: style.warn, left_out: style.dim })[check.state] },
          { title: 'WHY', value: (check) => check.reason },
        ],
        'No part was reported.',
      );
      const where = whereabouts(session);
      return `${where}${where === '' ? '' : '\n'}${parts}\n${report.ready ? style.good('ready') : style.bad('not ready')}\n`;
    });
    return report.ready ? EXIT.ok : EXIT.failed;
  },
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
