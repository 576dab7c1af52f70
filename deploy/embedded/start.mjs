#!/usr/bin/env node
import { runPrepared } from './bootstrap.mjs';

await runPrepared('deploy/embedded/dist/main.js', ['start', ...process.argv.slice(2)]);
