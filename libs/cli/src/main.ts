#!/usr/bin/env node
import { processTerminal } from './output/terminal.js';
import { run } from './program.js';

const code = await run(process.argv.slice(2), processTerminal());
// What is still on its way to a pipe is written first; waits that nobody waits for any more (45 s for an event of an interrupted call) are not
// waited for.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
process.exit(code);
