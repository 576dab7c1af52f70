import { afterAll, beforeAll, describe } from 'vitest';
import { GatewayLab } from '../../test/support/gateway-lab.js';
import { throughOneOutage } from '../../test/support/outage.js';
import { recordingWithoutAmi } from '../../test/suites/recording-away.js';
import { recordings, recordingsKilled } from '../../test/suites/recordings.js';
import { declareMailboxes, mailboxAway, mailboxKilled, voicemails } from '../../test/suites/voicemail.js';

let lab: GatewayLab;
beforeAll(async () => {
  lab = await GatewayLab.open(GatewayLab.tenants(24));
  await lab.staff({ '201': [], '202': [], '203': [] });
  await declareMailboxes(lab);
  await lab.start();
});
afterAll(() => lab?.closeEmpty());

const current = (): GatewayLab => lab;

describe('a call', () => {
  recordings(current);
});
voicemails(current);

describe('kill -9 of the gateway while callers are recorded', () => {
  throughOneOutage({ begin: () => lab.kill(), end: () => lab.start() }, { ...recordingsKilled(current), ...mailboxKilled(current) });
});

recordingWithoutAmi(current);
mailboxAway(current, [['is away for longer than its beginning takes', 3_000]]);
