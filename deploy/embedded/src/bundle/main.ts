import path from 'node:path';
import { bundledCode } from './bundled-code.js';
import { bundleSpecPrograms } from './spec-programs.js';

// Prints the folder of the bundle, which is made if there is none of the code as it is: for specs that start services, or programs of their own.
const cloneDir = path.join(import.meta.dirname, '..', '..', '..', '..');
const { folder } = await bundledCode(cloneDir, () => console.error('bundling the services'));
await bundleSpecPrograms(cloneDir, folder);
console.log(folder);
