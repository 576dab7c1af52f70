#!/usr/bin/env node
// An edge of this clone's Asterisk in a folder that `troncal edges add --folder` wrote (docs/runbooks/another-edge.md).
import { runPrepared } from '../deploy/embedded/bootstrap.mjs';

await runPrepared('deploy/docker/dist/edge.js', process.argv.slice(2), ['deploy/docker']);
