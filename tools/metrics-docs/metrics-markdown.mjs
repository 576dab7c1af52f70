/** docs/metrics.md from the catalogue of libs/observability. */
export function metricsMarkdown(metrics) {
  const owners = [...new Set(Object.values(metrics).map((metric) => metric.by))];
  return `# Metrics

Written by \`npm run docs\` from \`libs/observability/src/metrics\`; a metric that is not declared there cannot be exposed.

\`GET /metrics\` of each service, for Prometheus: from the loopback address, or with an API key. Names end in their unit: seconds, count, state, and total for counters. Each has the label \`service\`. No label holds a tenant, a call, a number or an extension: those are for logs and traces. A process tells its CPU, memory, event loop and garbage collection by prom-client's own names (\`process_*\`, \`nodejs_*\`); Asterisk and NATS have exporters of their own.

Alerts are in \`deploy/monitoring/troncal.rules.yml\`, what to do about each in [alerts](runbooks/alerts.md).
${owners.map((owner) => section(owner, Object.entries(metrics).filter(([, metric]) => metric.by === owner))).join('')}`;
}

function section(owner, entries) {
  const rows = entries.map(([name, { kind, help, labels, alert, buckets }]) => {
    const told = Object.entries(labels).map(([label, meaning]) => `\`${label}\`: ${meaning}`).join('; ');
    return `| \`${name}\` | ${kind}${buckets ? `, ${buckets[0]} to ${buckets.at(-1)}` : ''} | ${told} | ${help} | ${alert ?? ''} |\n`;
  });
  return `\n## ${owner[0].toUpperCase()}${owner.slice(1)}\n| name | type | labels | what | alert |\n|---|---|---|---|---|\n${rows.join('')}`;
}
