import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { writeWav } from '@troncal/audio';
import { newCallId, newId } from '@troncal/kernel';
import { HeldElsewhere } from '@troncal/messaging';
import { sharedPostgres } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGatewayDatabase, type GatewayDatabase } from '../../test/support/gateway-database.js';
import type { CallVerbs } from '../calls/control/call-verbs.js';
import type { EdgeSession } from '../edges/edge-session.js';
import { RecordingFiles } from './recording-files.js';
import { PgRecordingRepository } from './recording.repository.pg.js';
import { RecordingsController } from './recordings.controller.js';

const CALLER = { keyId: 'key', tenant: 'demo', scopes: ['*'] };
const OTHER = new HeldElsewhere('The recording', { name: 'other', replica: 'r2', url: 'http://other' });
let database: GatewayDatabase;
let folder: string;
beforeAll(async () => {
  database = await openGatewayDatabase(await sharedPostgres());
  folder = mkdtempSync(join(tmpdir(), 'troncal-recordings-'));
});
afterAll(async () => {
  await database.db.close();
  rmSync(folder, { recursive: true, force: true });
});

async function recordedAt(edgeId: string): Promise<string> {
  const id = newId();
  await database.db.run(`INSERT INTO recordings (recording_id, call_id, tenant, edge_id, state, announced, started_at) VALUES ($1, $2, 'demo', $3, 'ready', false, now())`, [id, newCallId(), edgeId]);
  return id;
}

/** A gateway that holds `mine`, whose recordings are in a folder of their own, and knows that another one holds `theirs`. */
function controller(): RecordingsController {
  const session = { recordings: new RecordingFiles(folder) } as EdgeSession;
  return new RecordingsController(
    {} as CallVerbs, new PgRecordingRepository(database.db), new RecordingFiles(join(folder, 'of-the-settings')),
    { of: (edgeId) => (edgeId === 'mine' ? session : undefined) },
    { elsewhere: (edgeId) => Promise.resolve(edgeId === 'theirs' ? OTHER : undefined) },
  );
}

it('reads a recording from the folder of its edge', async () => {
  const id = await recordedAt('mine');
  writeFileSync(join(folder, `${id}.wav`), writeWav([new Int16Array(800)]));
  const audio = await controller().audio({ id }, CALLER);
  expect((await text(audio.getStream())).slice(0, 4)).toBe('RIFF');
});

it('leaves one of an edge that another gateway holds to that gateway', async () => {
  const id = await recordedAt('theirs');
  await expect(controller().audio({ id }, CALLER)).rejects.toBe(OTHER);
});

it('says that one is gone that nobody has', async () => {
  const id = await recordedAt('mine');
  await expect(controller().audio({ id }, CALLER)).rejects.toMatchObject({ code: 'recording_gone', status: 410 });
});
