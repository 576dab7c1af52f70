import { runMain } from '@troncal/chassis';
import { startService } from './index.js';

await runMain(startService, process.env);
