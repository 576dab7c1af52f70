#!/usr/bin/env node
// `npm run proofs [-- path …]`: the long forms of what `npm test` proves in a slice, one file after the other (`*.proof.spec.ts`).
import { runPrepared } from '../deploy/embedded/bootstrap.mjs';

await runPrepared('tools/run-tests.mjs', ['--proofs', ...process.argv.slice(2)]);
