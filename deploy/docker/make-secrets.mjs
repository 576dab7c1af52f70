#!/usr/bin/env node
// Makes every secret that compose and Kubernetes mount, one file each; what is already there is kept. Runs on Node 20 with nothing installed.
//   node deploy/docker/make-secrets.mjs [--out FOLDER] [--postgres HOST:PORT]
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { out: { type: 'string', default: join(import.meta.dirname, 'secrets') }, postgres: { type: 'string', default: 'postgres:5432' } } });
const SERVICES = ['provisioning', 'ari-gateway', 'realtime-voice', 'collections-dialer', 'ticketing', 'pbx-adapters'];
// Hexadecimal, because Asterisk's files and addresses would need quoting for more.
const password = () => randomBytes(24).toString('hex');

mkdirSync(values.out, { recursive: true });
// A container's user reads the files as they are on the host: so all may read a file, and only their owner may enter the folder.
chmodSync(values.out, 0o700);

function make(name, text) {
  const file = join(values.out, name);
  if (existsSync(file)) return false;
  writeFileSync(file, text, { mode: 0o444 });
  return true;
}

make('postgres-password', password());
for (const service of SERVICES) {
  const schema = service.replaceAll('-', '_');
  make(`${service}.database-url`, `postgres://${schema}_app:${password()}@${values.postgres}/troncal`);
  make(`${service}.database-owner-url`, `postgres://${schema}_owner:${password()}@${values.postgres}/troncal`);
  make(`${service}.nats-password`, password());
}
for (const name of ['observer.nats-password', 'nats-cluster-password', 'asterisk-reader-password', 'ari-password', 'ami-password']) make(name, password());
make('credentials.key', `${randomBytes(32).toString('hex')}\n`);
// Empty: every call is scripted until a key is put into the file.
make('openai-api-key', '');

const key = `trk_${password()}`;
const sha256 = createHash('sha256').update(key).digest('hex');
if (make('api-keys.json', `${JSON.stringify({ keys: [{ id: 'admin', sha256, tenant: '*', scopes: ['*'] }] }, null, 2)}\n`)) make('admin.key', `${key}\n`);
console.log(`The secrets are in ${values.out}; the administrator's API key is in admin.key.`);
