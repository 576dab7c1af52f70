import { chains } from '../../test/crash-points.js';
import { crashesAt } from '../../test/crashes-at.js';

crashesAt(chains);
