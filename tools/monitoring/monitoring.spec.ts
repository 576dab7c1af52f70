import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricDeclaration } from '@troncal/observability';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const declared: Readonly<Record<string, MetricDeclaration>> = METRICS;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const rules = (parse(text('deploy/monitoring/troncal.rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(text('deploy/monitoring/grafana-dashboard.json')) as { panels: Panel[] };

/** Every fault of an expression: metrics that nobody declares, labels that they don't have. */
function faultsOf(expr: string, templates = ''): string[] {
  const names = [...expr.matchAll(/troncal_[a-z_]+/g)].map(([name]) => name);
  const metrics = names.map((name) => [name, declared[name] ?? histogram(name)] as const);
  const unknown = metrics.filter(([, metric]) => !metric).map(([name]) => `no metric ${name}`);
  const known = new Set(['service', 'le', 'instance', ...metrics.flatMap(([, metric]) => Object.keys(metric?.labels ?? {}))]);
  const selected = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) => [...inside.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label));
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = '']) => inside.split(',').map((label) => label.trim()));
  const shown = [...templates.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label);
  const strange = [...selected, ...grouped].filter((label) => label !== undefined && !known.has(label)).map((label) => `no label ${label}`);
  const lost = shown.filter((label) => label !== undefined && !grouped.includes(label) && grouped.length > 0).map((label) => `${label} is shown and was summed away`);
  return [...(names.length === 0 ? ['no metric of ours'] : []), ...unknown, ...strange, ...lost];
}

function histogram(name: string): MetricDeclaration | undefined {
  const metric = declared[name.replace(/_(bucket|sum|count)$/, '')];
  return metric?.kind === 'histogram' ? metric : undefined;
}

describe('an expression', () => {
  it.each([
    ['sum(troncal_moons_total)', 'no metric troncal_moons_total'],
    ['sum by (tenant) (troncal_calls_total)', 'no label tenant'],
    ['troncal_calls_total{result="x"}', 'no label result'],
    ['up == 0', 'no metric of ours'],
    ['troncal_outbox_age_seconds_bucket', 'no metric troncal_outbox_age_seconds_bucket'],
  ])('%s is refused', (expr, fault) => {
    expect(faultsOf(expr)).toEqual([fault]);
  });
});

describe('the alerts', () => {
  it('are those that the catalogue names, each once', () => {
    const named = [...new Set(Object.values(declared).flatMap((metric) => metric.alert ?? []))];
    expect(rules.map((rule) => rule.alert).toSorted()).toEqual(named.toSorted());
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s uses declared metrics and labels, and has its runbook', (alert, rule) => {
    expect(faultsOf(rule.expr, rule.annotations.summary)).toEqual([]);
    expect(rule.labels.severity).toMatch(/^(critical|warning|info)$/);
    expect(rule.for).toMatch(/^\d+[sm]$/);
    expect(rule.annotations.summary).toMatch(/^.{20,}[.]$/);
    const [file = '', anchor] = rule.annotations.runbook.split('#');
    expect(anchor).toBe(alert.toLowerCase());
    expect(text(file)).toMatch(new RegExp(`^## ${alert}\n\\S.*\n\n\\S.{40,}`, 'm'));
    // The alert stands beside a metric that it looks at.
    expect(Object.entries(declared).some(([name, metric]) => metric.alert === alert && rule.expr.includes(name))).toBe(true);
  });
});

describe('the dashboard', () => {
  it.each(panels.map((panel) => [panel.title, panel] as const))('%s shows declared metrics by labels that they have', (_, { targets }) => {
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.flatMap(({ expr, legendFormat }) => faultsOf(expr, legendFormat))).toEqual([]);
  });

  it('has each panel once', () => {
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
  });
});
