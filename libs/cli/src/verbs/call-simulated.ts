import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../output/printable.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

const callSchema = z.object({
  sid: z.string(), parentSid: z.string().nullable(), to: z.string(), status: z.string(),
  said: z.array(z.object({ text: z.string().default('') })),
});
const callsSchema = z.object({ calls: z.array(callSchema) });
const OVER = /^(completed|busy|failed|no-answer|canceled)$/;
const LOOK_MS = 250;
/** Nobody holds the line longer. */
const MOST_MS = 120_000;

export const callSimulated = verb(
  'simulated <number>',
  'Somebody calls a number from the simulated telephone network: what is said to them, and whose phones ring',
  (yargs) =>
    yargs
      .positional('number', { type: 'string', demandOption: true, describe: 'One of ours, E.164' })
      .option('press', { type: 'string', array: true, default: [] as string[], describe: 'Key, each after something was said; may be repeated' })
      .option('from', { type: 'string', default: '+56911112222', requiresArg: true, describe: 'Who calls' }),
  async (args, session) => {
    const control = session.context.state().twilio?.controlUrl;
    if (control === null || control === undefined) throw new CliError(EXIT.unreachable, 'no simulated Twilio runs here', 'Start one: npm start, without TWILIO_ACCOUNT_SID.');
    const script = [...args.press.flatMap((key) => [{ untilSaid: '.' }, { press: key }]), { wait: MOST_MS }];
    const { sid } = await ask(`${control}/control/calls`, z.object({ sid: z.string() }), { from: args.from, to: args.number, script });
    const deadline = Date.now() + MOST_MS;
    const told = new Set<string>();
    const tell = (line: string): void => {
      if (!told.has(line) && session.output === 'table') session.terminal.out(`${printable(line)}\n`);
      told.add(line);
    };
    for (;;) {
      const { calls } = await ask(`${control}/control/calls`, callsSchema);
      const mine = calls.find((call) => call.sid === sid);
      mine?.said.forEach(({ text }, index) => tell(`${index + 1}. is said: ${text}`));
      for (const leg of calls.filter(({ parentSid }) => parentSid === sid)) tell(`   ${leg.to.replace(/^sip:/, '')} is ${leg.status}`);
      if (mine === undefined || OVER.test(mine.status) || Date.now() > deadline) {
        show(session, { call: mine, legs: calls.filter(({ parentSid }) => parentSid === sid) }, () => `the call is ${mine?.status ?? 'not known'}; its story: troncal explain last\n`);
        return mine !== undefined && OVER.test(mine.status) ? EXIT.ok : EXIT.failed;
      }
      await sleep(LOOK_MS);
    }
  },
);

async function ask<T>(url: string, schema: z.ZodType<T>, body?: object): Promise<T> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new CliError(EXIT.failed, `the simulator refused: ${printable(text).slice(0, 300)}`, 'Is the number one of ours? See: troncal numbers list');
  return schema.parse(JSON.parse(text));
}
