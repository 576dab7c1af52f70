import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tagViolations } from './project-tags.mjs';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

/** One forbidden import per rule: the lint is worth nothing unless each of them is reported by that rule. */
const CANARIES: readonly { rule: string; file: string; text: string }[] = [
  { rule: 'only-messaging-speaks-nats', file: 'services/ticketing/src/a.ts', text: "import { connect } from '@nats-io/transport-node'; void connect;" },
  { rule: 'only-persistence-speaks-postgres', file: 'services/ticketing/src/b.ts', text: "import pg from 'pg'; void pg;" },
  { rule: 'only-observability-knows-opentelemetry', file: 'services/ticketing/src/l.ts', text: "import { trace } from '@opentelemetry/api'; void trace;" },
  { rule: 'contracts-import-only-zod', file: 'libs/contracts/src/c.ts', text: "import { ulid } from 'ulid'; void ulid;" },
  { rule: 'pure-has-no-io', file: 'libs/audio/src/d.ts', text: "import { readFileSync } from 'node:fs'; void readFileSync;" },
  { rule: 'only-media-and-ari-open-websockets', file: 'services/provisioning/src/e.ts', text: "import { WebSocket } from 'ws'; void WebSocket;" },
  { rule: 'no-circular', file: 'services/ticketing/src/f.ts', text: "import './g.js'; export const f = 1;" },
  { rule: 'no-circular', file: 'services/ticketing/src/g.ts', text: "import './f.js'; export const g = 1;" },
  { rule: 'adapters-bound-by-modules-only', file: 'services/ticketing/src/tickets/open-ticket.ts', text: "import './ticket.repository.pg.js';" },
  { rule: 'adapters-bound-by-modules-only', file: 'services/ticketing/src/tickets/ticket.repository.pg.ts', text: 'export const x = 1;' },
  { rule: 'domain-is-pure', file: 'services/ticketing/src/tickets/ticket.ts', text: "import { Module } from '@nestjs/common'; void Module;" },
  { rule: 'no-deep-import-of-a-library', file: 'services/ticketing/src/h.ts', text: "import { x } from '../../../libs/audio/src/deep.js'; void x;" },
  { rule: 'no-deep-import-of-a-library', file: 'libs/audio/src/deep.ts', text: 'export const x = 1;' },
  { rule: 'no-simulator-or-test-in-product', file: 'services/ticketing/src/i.ts', text: "import '../../../libs/testing/src/index.js';" },
  { rule: 'no-simulator-or-test-in-product', file: 'libs/testing/src/index.ts', text: 'export const x = 1;' },
  { rule: 'ari-only-in-gateway', file: 'services/ticketing/src/j.ts', text: "import '../../../libs/ari/src/index.js';" },
  { rule: 'ari-only-in-gateway', file: 'libs/ari/src/index.ts', text: 'export const x = 1;' },
  { rule: 'not-to-spec', file: 'services/ticketing/src/k.ts', text: "import './k.spec.js';" },
  { rule: 'not-to-spec', file: 'services/ticketing/src/k.spec.ts', text: 'export const x = 1;' },
];

describe('import rules', () => {
  let reported: Set<string>;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'troncal-canary-'));
    for (const { file, text } of CANARIES) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), `${text}\n`);
    }
    for (const name of ['@nats-io/transport-node', '@nestjs/common', '@opentelemetry/api', 'pg', 'ulid', 'ws']) {
      const installed = join(folder, 'node_modules', name);
      await mkdir(installed, { recursive: true });
      await writeFile(join(installed, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      await writeFile(join(installed, 'index.js'), '');
    }
    const { stdout } = await run(node, [bin('depcruise'), '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', 'libs', 'services'], { cwd: folder, maxBuffer: 1 << 26 }).catch(
      (error: { stdout: string }) => error,
    );
    const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
    reported = new Set(report.summary.violations.map((violation) => violation.rule.name));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([...new Set(CANARIES.map((canary) => canary.rule))])('%s fires on its canary', (rule) => {
    expect(reported).toContain(rule);
  });

  it('has a canary for every rule', async () => {
    const config = ((await import(join(root, '.dependency-cruiser.mjs'))) as { default: { forbidden: { name: string }[] } }).default;
    expect(new Set(CANARIES.map((canary) => canary.rule))).toEqual(new Set(config.forbidden.map((rule) => rule.name)));
  });
});

describe('project tags', () => {
  const project = (...tags: string[]): { data: { tags: string[] } } => ({ data: { tags } });
  const graph = {
    nodes: {
      a: project('type:service', 'scope:a'),
      b: project('type:service', 'scope:b'),
      pure: project('type:pure', 'scope:shared'),
      infra: project('type:infra', 'scope:shared'),
      sim: project('type:simulator', 'scope:shared'),
      untagged: project(),
    },
    dependencies: {
      a: [{ source: 'a', target: 'b' }, { source: 'a', target: 'sim' }, { source: 'a', target: 'infra' }],
      pure: [{ source: 'pure', target: 'infra' }],
    },
  };

  it('refuse a service on a service, a simulator in a service, infrastructure in a pure library and a project without tags', () => {
    expect(tagViolations(graph)).toEqual([
      'a (type:service) must not depend on b (type:service)',
      'a (scope:a) must not depend on b (scope:b): services speak over the bus',
      'a (type:service) must not depend on sim (type:simulator)',
      'pure (type:pure) must not depend on infra (type:infra)',
      'untagged has no type: or no scope: tag in its package.json',
    ]);
  });
});

describe('oxlint', () => {
  it('refuses a floating promise, `any` and process.env outside configuration', async () => {
    const folder = await mkdtemp(join(root, 'libs', 'kernel', 'src', 'canary-'));
    try {
      await writeFile(join(folder, 'canary.ts'), 'export async function f(x: any): Promise<void> { await x; }\nf(process.env);\n');
      const { stdout } = await run(node, [bin('oxlint'), '--type-aware', '--format', 'json', '--config', join(root, '.oxlintrc.json'), folder], { cwd: root }).catch((error: { stdout: string }) => error);
      const codes = (JSON.parse(stdout) as { diagnostics: { code: string }[] }).diagnostics.map((diagnostic) => diagnostic.code);
      expect(codes.join(' ')).toMatch(/no-explicit-any/);
      expect(codes.join(' ')).toMatch(/no-floating-promises/);
      expect(codes.join(' ')).toMatch(/no-process-env/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the lock file', () => {
  it('names every optional platform package, so that npm ci accepts it everywhere, and no download address', async () => {
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }> };
    const names = Object.keys(lock.packages);
    const missing = Object.values(lock.packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}).filter((name) => /(linux|darwin|win32)-(x64|arm64)/.test(name) && !names.some((path) => path.endsWith(`node_modules/${name}`))),
    );
    expect(missing).toEqual([]);
    expect(Object.values(lock.packages).filter((entry) => entry.resolved?.includes('://'))).toEqual([]);
  });
});
