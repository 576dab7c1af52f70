import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { compiledFile, ENTRIES } from './entries.js';

// bundler.js FOLDER: the services; bundler.js FOLDER NAME=FILE…: those programs.
const [outDir = '', ...programs] = process.argv.slice(2);
const services = ENTRIES.map(({ name, kind }) => [`${name}/${kind}`, fileURLToPath(compiledFile(name, kind))] as const);

/** Nest asks for these if they are there; they aren't. */
const OPTIONAL = /^(@nestjs\/(websockets|platform-express|platform-socket\.io)|class-validator|class-transformer|@grpc\/|kafkajs|mqtt|ioredis|amqp|nats$|@fastify\/(static|view|multipart)|pg-native|pino-pretty)/;

// A process of its own, since a bundler takes 200 MB that are not given back.
const bundle = await rolldown({
  input: Object.fromEntries(programs.length > 0 ? programs.map((program) => program.split('=', 2)) : services),
  platform: 'node',
  external: (id) => OPTIONAL.test(id),
  plugins: [{ name: 'own-code', transform: (code, id) => (!path.isAbsolute(id) || id.includes('/node_modules/') || !id.endsWith('.js') ? null : { code: inPlace(code, id), map: readFileSync(`${id}.map`, 'utf8') }) }],
  logLevel: 'warn',
});
const { output } = await bundle.write({
  dir: outDir,
  format: 'esm',
  sourcemap: true,
  keepNames: true,
  // A group's name tells all the entries that it is for.
  chunkFileNames: ({ name }) => `shared/${name.split('~')[0]}.js`,
  // Packages apart from our own code, and each process loads what it uses.
  codeSplitting: { groups: [{ name: 'packages', test: /\/node_modules\//, entriesAware: true, entriesAwareMergeThreshold: 100_000 }] },
});
for (const chunk of output) if (chunk.type === 'chunk' && chunk.moduleIds.every((id) => !path.isAbsolute(id) || id.includes('/node_modules/'))) unmap(path.join(outDir, chunk.fileName));
// Of the repository's packages, which are all modules.
writeFileSync(path.join(outDir, 'package.json'), '{ "type": "module" }\n');

/** Node reads a chunk's map as it loads it, which for all packages takes half a second; what is wanted of a trace is our own lines. */
function unmap(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  rmSync(`${file}.map`, { force: true });
}

/** Migrations are found from where a module was compiled to. */
function inPlace(code: string, id: string): string {
  return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)).replaceAll('import.meta.dirname', JSON.stringify(path.dirname(id)));
}
