import { killsAt, POINTS } from '../../test/support/crashing-runs.js';

killsAt(POINTS);
