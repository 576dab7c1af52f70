import { CallStartedV1, EndpointUpdatedV1 } from '@troncal/contracts';
import type { Evidence, Finding } from './evidence.js';
import { countBy, field } from './bus-log.js';
import { none } from './finding.js';

/** What was acknowledged is there; what was refused for certain isn't; what was left open may be either, but not twice. */
export function commandsKept(evidence: Evidence): Finding {
  const offenders = [...declarations(evidence), ...originations(evidence)];
  return none('no acknowledged command lost, none done twice', offenders, `${evidence.operations.length} commands (${countOf(evidence, 'ok')} acknowledged, ${countOf(evidence, 'unknown')} open)`);
}

function declarations({ operations, declared, bus, tenant }: Evidence): string[] {
  const listed = new Set(declared);
  const told = countBy(bus, 'extension', ({ type, tenantid }) => type === EndpointUpdatedV1.type && tenantid === tenant);
  return [...Map.groupBy(operations.filter((each) => each.kind === 'declare'), (each) => each.key)].flatMap(([key, tries]) => {
    const acknowledged = tries.some((each) => each.outcome === 'ok');
    const open = tries.some((each) => each.outcome === 'unknown');
    if (acknowledged && !listed.has(key)) return [`declare ${key} was acknowledged and is lost`];
    if (!acknowledged && !open && listed.has(key)) return [`declare ${key} was refused and is there`];
    const facts = told.get(key) ?? 0;
    if (listed.has(key) && facts !== 1) return [`declare ${key} is there and was told ${facts} times`];
    if (!listed.has(key) && facts > 0) return [`declare ${key} is not there and was told`];
    return [];
  });
}

/** Each origination shows an extension of its own as the caller, so its calls are counted by that. */
function originations({ operations, bus }: Evidence): string[] {
  const begun = countBy(bus, 'from', (envelope) => envelope.type === CallStartedV1.type && field(envelope, 'direction') !== 'inbound');
  return [...Map.groupBy(operations.filter((each) => each.kind === 'originate'), (each) => each.key)].flatMap(([key, tries]) => {
    const calls = begun.get(key) ?? 0;
    const acknowledged = tries.some((each) => each.outcome === 'ok');
    if (calls > 1) return [`originate ${key} was done ${calls} times`];
    if (acknowledged && calls === 0) return [`originate ${key} was acknowledged and is lost`];
    return [];
  });
}

const countOf = ({ operations }: Evidence, outcome: string): number => operations.filter((each) => each.outcome === outcome).length;
