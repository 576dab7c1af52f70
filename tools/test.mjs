#!/usr/bin/env node
import { runPrepared } from '../deploy/embedded/bootstrap.mjs';

await runPrepared('tools/run-tests.mjs');
