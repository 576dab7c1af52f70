import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { compiledFile, ENTRIES } from './bundled-services.js';

const [outDir = ''] = process.argv.slice(2);

/** Nest asks for these if they are there; they aren't. */
const OPTIONAL = /^(@nestjs\/(websockets|platform-express|platform-socket\.io)|class-validator|class-transformer|@grpc\/|kafkajs|mqtt|ioredis|amqp|nats$|@fastify\/(static|view|multipart)|pg-native|pino-pretty)/;

// Written for the launcher alone, in a process of its own: a bundler takes 200 MB that are not given back.
const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map(({ name, kind }) => [`${name}/${kind}`, fileURLToPath(compiledFile(name, kind))])),
  platform: 'node',
  external: (id) => OPTIONAL.test(id),
  plugins: [{ name: 'own-code', transform: (code, id) => (!path.isAbsolute(id) || id.includes('/node_modules/') ? null : { code: inPlace(code, id), map: readFileSync(`${id}.map`, 'utf8') }) }],
  logLevel: 'warn',
});
await bundle.write({ dir: outDir, format: 'esm', sourcemap: true, keepNames: true, chunkFileNames: 'shared/[name].js' });

/** Migrations are found from where a module was compiled to. */
function inPlace(code: string, id: string): string {
  return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)).replaceAll('import.meta.dirname', JSON.stringify(path.dirname(id)));
}
