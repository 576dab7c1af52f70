#!/usr/bin/env node
// `npm run test:compose`: see deploy/images. Runs on Node 20 with nothing installed.
import { runPrepared } from '../embedded/bootstrap.mjs';

await runPrepared('deploy/images/dist/main.js');
