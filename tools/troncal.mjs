#!/usr/bin/env node
// The `troncal` command of this clone. Runs on Node 20 with nothing installed: fetches and builds what is missing, then goes on under
// the current Node.
import { runPrepared } from '../deploy/embedded/bootstrap.mjs';

await runPrepared('libs/cli/dist/main.js', process.argv.slice(2), ['libs/cli']);
