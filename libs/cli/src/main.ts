#!/usr/bin/env node
import { processTerminal } from './output/terminal.js';
import { run } from './program.js';

// Not process.exit(): what is still on its way to a pipe would be cut off.
process.exitCode = await run(process.argv.slice(2), processTerminal());
