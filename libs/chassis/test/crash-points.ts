import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The sources of the two libraries through which every event goes; no event goes through a lease. */
export const sources = ['libs/persistence/src', 'libs/messaging/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('lease'))
    .map((file) => ({ file: join(folder, file), lines: readFileSync(join(root, folder, file), 'utf8').split('\n') })),
);
/** But for the journal's, which no event passes: journal.spec kills a process at each of those. */
export const labels = [...new Set(sources.filter(({ file }) => !file.includes('/journal/')).flatMap(({ lines }) => lines.flatMap((line) => /crashPoint\('([^']+)'\)/.exec(line)?.[1] ?? [])))].toSorted();

/**
 * Of what every event and request passes, where the most could be lost or doubled: the slice within `npm test`; all others are the proof's. A point is a
 * label and which passing of it.
 */
export const EVERY_EVENT = ['inbox.before-commit:1', 'inbox.after-commit:1', 'outbox.after-publish:1', 'transaction.after-commit:1'];

/** Each label once, and those that every step passes also later. CRASH_PASSES=n takes each label at passes 1 to n. */
export const passes = Number(process.env['CRASH_PASSES'] ?? 1);
const points = [
  ...labels.flatMap((label) => Array.from({ length: passes }, (_, index) => `${label}:${index + 1}`)),
  ...(passes > 1 ? [] : ['transaction.before-commit:3', 'transaction.after-commit:5', 'outbox.after-publish:3']),
].filter((point) => !EVERY_EVENT.includes(point));
/** Each chain is one service with its own bus and database, killed again and again: half as many starts as one for each point. */
const CHAINS = 4;
const [migrations, others] = [points.filter((point) => point.startsWith('migrate')), points.filter((point) => !point.startsWith('migrate'))];
const dealt = Array.from({ length: CHAINS }, (_, chain) => others.filter((__, index) => index % CHAINS === chain));
/** All other points. A chain can begin with at most one crash among the migrations: after it there may be too few left to reach another. */
export const chains = [...dealt.map((chain, index) => [...migrations.slice(index, index + 1), ...chain]), ...migrations.slice(CHAINS).map((point) => [point])];
