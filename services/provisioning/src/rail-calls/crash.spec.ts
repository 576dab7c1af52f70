import { railCrashesAt } from '../../test/support/rail-crashes.js';

// A slice; the other points are in crash.proof.spec.ts.
railCrashesAt(['transaction.after-commit:1', 'journal.drained-one:1']);
