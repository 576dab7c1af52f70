/**
 * The boundaries of docs/architecture.md as rules. Which project may depend on which is checked by tag (tools/boundaries.mjs);
 * here stands what holds inside and between files. TypeScript 7 has no compiler API, so files are parsed by swc: without it
 * dependency-cruiser would see no .ts file and pass.
 */
const source = { pathNot: '\\.spec\\.ts$|/test/' };
const only = (name, comment, module, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(libs|services|deploy|asterisk)/', pathNot: `${allowed}|\\.spec\\.ts$|/test/|^libs/testing/` },
  to: { path: `node_modules/${module}` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circular', comment: 'A cycle can be neither understood nor tested in parts.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-spec', comment: 'Tests are read by nobody but the test runner.', severity: 'error', from: source, to: { path: '\\.spec\\.ts$' } },
    only('only-messaging-speaks-nats', 'libs/messaging is the only importer of @nats-io; a benchmark measures the bare client as its bound.', '@nats-io/', '^libs/messaging/|^deploy/bench/'),
    only('only-persistence-speaks-postgres', 'libs/persistence is the only importer of pg.', 'pg/', '^libs/persistence/'),
    only('only-observability-knows-opentelemetry', 'Spans are made through libs/observability: its context and OpenTelemetry’s must stay one.', '@opentelemetry/', '^libs/observability/'),
    only('only-media-and-ari-open-websockets', 'WebSockets belong to the ARI client, the media server and the simulators.', 'ws/', '^libs/(ari|simulators)/|^services/realtime-voice/|^deploy/bench/'),
    { name: 'ari-only-in-gateway', comment: 'ari-gateway is the only speaker of ARI and AMI.', severity: 'error', from: { path: '^services/', pathNot: '^services/ari-gateway/' }, to: { path: '^libs/ari/' } },
    { name: 'contracts-import-only-zod', comment: 'The contract must be readable by anybody.', severity: 'error', from: { path: '^libs/contracts/src', pathNot: '\\.spec\\.ts$' }, to: { pathNot: '^libs/contracts/|node_modules/zod|^(node:)?util$' } },
    { name: 'pure-has-no-io', comment: 'Pure libraries compute: no sockets, files, processes or frameworks.', severity: 'error', from: { path: '^libs/(kernel|callflow|audio|media-protocols|dial-guard|device-sheets)/src', pathNot: '\\.spec\\.ts$' }, to: { path: '^(node:)?(fs|net|dgram|http|https|child_process|worker_threads|tls|dns)(/|$)|node_modules/(@nestjs|@nats-io|pg|ws|pino|twilio)/' } },
    { name: 'no-deep-import-of-a-library', comment: 'A package has one public entry.', severity: 'error', from: { path: '^(libs/[^/]+|libs/simulators/[^/]+|services/[^/]+|deploy/[^/]+|asterisk)/' }, to: { path: '^(libs/[^/]+|libs/simulators/[^/]+|services/[^/]+|deploy/[^/]+|asterisk)/(src|dist)/', pathNot: ['^$1/', '/src/index\\.ts$', '/dist/index\\.(js|d\\.ts)$'] } },
    { name: 'adapters-bound-by-modules-only', comment: 'Only a module binds a port to an adapter.', severity: 'error', from: { path: '^services/[^/]+/src/', pathNot: '\\.module\\.ts$|\\.spec\\.ts$|\\.pg\\.ts$' }, to: { path: '^services/[^/]+/src/.*\\.repository\\.pg\\.ts$' } },
    { name: 'domain-is-pure', comment: 'A domain file imports pure and contract code only; a use case knows ports, not technology.', severity: 'error', from: { path: '^services/[^/]+/src/.*/(call|leg|conversation|transcript|ticket|tenant|endpoint|number|route)\\.ts$' }, to: { path: 'node_modules/(@nestjs|@nats-io|pg|ws|fastify)/|^libs/(messaging|persistence|ari|observability|chassis|config)/' } },
    { name: 'no-simulator-or-test-in-product', comment: 'Simulators and test tools never ship inside a service.', severity: 'error', from: { path: '^(services|libs)/', pathNot: '\\.spec\\.ts$|/test/|^libs/(testing|simulators)/' }, to: { path: '^libs/(testing|simulators)/' } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@troncal/source', 'import', 'default'], extensions: ['.ts', '.js', '.mjs'] },
  },
};
