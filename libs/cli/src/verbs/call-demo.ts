import { asCliError, CliError, describeError } from '../cli-error.js';
import { checksOf } from '../demo/checks.js';
import { labPlace } from '../demo/lab-place.js';
import { perform } from '../demo/perform.js';
import { reportJson, reportText } from '../demo/report.js';
import { EXIT } from '../exit-codes.js';
import { json } from '../output/json.js';
import { verb } from '../verb.js';

export const callDemo = verb(
  'demo',
  'A whole call with two headless phones: the agent answers, is interrupted, 0 brings a person',
  (yargs) => yargs,
  async (_args, session) => {
    const { terminal, style, language } = session;
    const place = await labPlace(session);
    const asJson = session.output === 'json';
    const { notes, stoppedBy } = await perform(session, place, (line) => (asJson ? terminal.err(line) : terminal.out(line)));
    // Interrupted, or a part was away: that says more than a list of checks that were not reached.
    if (stoppedBy instanceof CliError && stoppedBy.exitCode !== EXIT.failed) throw stoppedBy;
    const checks = checksOf(notes);
    terminal.out(asJson ? json(reportJson(notes, checks)) : reportText(notes, checks, language, style));
    const failed = checks.filter((check) => !check.ok);
    if (stoppedBy !== undefined) terminal.err(describeError(asCliError(stoppedBy)));
    if (failed.length === 0 && stoppedBy === undefined) {
      if (!asJson) terminal.out(`\n${style.good('everything held')}\n`);
      return EXIT.ok;
    }
    terminal.err(`\n${failed.length} of ${checks.length} checks failed: ${failed.map((check) => check.name).join('; ')}\nlogs: ${place.state.directories.logs}\n`);
    return EXIT.failed;
  },
);
