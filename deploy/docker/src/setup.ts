import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from '@troncal/config';
import { setUpDatabase } from './database-setup.js';
import { renderNatsConfig } from './nats-config.js';
import { readSecret, setupEnv } from './settings.js';

// One-shot: `setup.js nats` writes nats.conf, `setup.js database` makes schemas and roles. Both may run at every start.
const settings = parseEnv(setupEnv, process.env);
const secret = (name: string): string => readSecret(settings.SECRETS_DIR, name);
const what = process.argv[2];
if (what === 'database') await setUpDatabase(settings, secret);
else if (what === 'nats') {
  fs.mkdirSync(path.dirname(settings.NATS_CONFIG), { recursive: true });
  // The volume is shared with the server alone, which runs as another user.
  fs.writeFileSync(settings.NATS_CONFIG, renderNatsConfig(settings, secret), { mode: 0o644 });
  console.log(`${settings.NATS_CONFIG} is written.`);
} else {
  console.error(`Don't know what to set up: ${what ?? 'nothing named'}. Say "database" or "nats".`);
  process.exit(2);
}
