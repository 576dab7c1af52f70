export { ApiClient, type ApiAnswer } from './api-client.js';
export { eventually } from './eventually.js';
export { openStack, type Stack } from './stack.js';
export { TenantFixture, type SipAccount } from './tenant-fixture.js';
