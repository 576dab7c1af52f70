import path from 'node:path';
import { bundledCode } from './bundled-code.js';

// Prints the folder of the bundle, which is made if there is none of the code as it is: for specs that start services by themselves.
const { folder } = await bundledCode(path.join(import.meta.dirname, '..', '..', '..', '..'), () => console.error('bundling the services'));
console.log(folder);
