import { afterAll, beforeAll } from 'vitest';
import { GatewayLab } from '../../../test/support/gateway-lab.js';
import { anyPhone } from '../../../test/suites/any-phone.js';

let lab: GatewayLab;
beforeAll(async () => {
  lab = await GatewayLab.open(GatewayLab.tenants(3));
  await lab.staff({ '201': ['people'], '202': [], '203': [], '204': [], '205': ['others'] });
  await lab.start();
});
afterAll(() => lab?.closeEmpty());

anyPhone(() => lab, ['mono']);
