#!/usr/bin/env node
import { runPrepared } from '../deploy/embedded/bootstrap.mjs';

await runPrepared('libs/cli/dist/main.js');
