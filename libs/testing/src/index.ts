export { ApiClient, type ApiAnswer } from './api-client.js';
export { eventually } from './eventually.js';
export { openStack, type Stack } from './stack.js';
export { TenantFixture, type SipAccount } from './tenant-fixture.js';
export { startNats, type NatsLogin, type NatsServer } from './nats-server.js';
export { sharedPostgres, startPostgres, type PostgresServer, type TestDatabase } from './postgres-server.js';
export { createEdgeDatabase, startAsterisk, type AsteriskServer, type AsteriskServerOptions } from './asterisk-server.js';
export { apiKeysFile, startUnderTest, type ServiceUnderTest, type ServiceUnderTestOptions, type StartService } from './service-under-test.js';
export { EventSource, type StatedFact } from './event-source.js';
