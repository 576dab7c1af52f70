import { afterAll, afterEach, beforeAll } from 'vitest';
import { GatewayLab } from '../../test/support/gateway-lab.js';
import { pausedThroughKill } from '../../test/suites/recording-away.js';
import { declareMailboxes, mailboxAway } from '../../test/suites/voicemail.js';

let lab: GatewayLab;
beforeAll(async () => {
  lab = await GatewayLab.open(GatewayLab.tenants(4));
  await lab.staff({ '201': [], '202': [] });
  await declareMailboxes(lab);
  await lab.start();
});
afterEach(() => lab.hangUpAll());
afterAll(() => lab?.close());

pausedThroughKill(() => lab);
mailboxAway(() => lab, [['is back before it has failed', 200]]);
