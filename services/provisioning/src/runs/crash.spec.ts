import { killsAt } from '../../test/support/crashing-runs.js';

// A slice; all points are in crash.proof.spec.ts.
killsAt({ create: [], change: [], rotate: [], promote: [], delete: [], own: ['subaccount.made'], close: [] });
