/** Which project may depend on which, by the `type:` and `scope:` tags in their package.json. Read by `npm run lint` and its canaries. */
const MAY_DEPEND_ON = {
  'type:contract': ['type:contract'],
  // Contracts are plain data: the route language is defined there and interpreted by a pure library.
  'type:pure': ['type:pure', 'type:contract'],
  'type:infra': ['type:infra', 'type:pure', 'type:contract'],
  'type:service': ['type:infra', 'type:pure', 'type:contract'],
  'type:simulator': ['type:simulator', 'type:infra', 'type:pure', 'type:contract'],
  'type:testing': ['type:testing', 'type:infra', 'type:pure', 'type:contract', 'type:simulator', 'type:host'],
  // Only a host may compose several services.
  'type:host': ['type:host', 'type:service', 'type:simulator', 'type:infra', 'type:pure', 'type:contract'],
};

const tagOf = (node, prefix) => (node?.data.tags ?? []).find((tag) => tag.startsWith(prefix));

/**
 * Every forbidden dependency of an Nx project graph, as one line each. Test-only dependencies (devDependencies) are not in
 * `dependencies` of a package.json and are not judged here.
 *
 * @param {{nodes: Record<string, {data: {tags?: string[]}}>, dependencies: Record<string, {source: string, target: string}[]>}} graph
 * @returns {string[]}
 */
export function tagViolations(graph) {
  const faults = [];
  for (const [name, node] of Object.entries(graph.nodes)) {
    const type = tagOf(node, 'type:');
    const scope = tagOf(node, 'scope:');
    if (!type || !scope) {
      faults.push(`${name} has no type: or no scope: tag in its package.json`);
      continue;
    }
    for (const { target } of graph.dependencies[name] ?? []) {
      const other = graph.nodes[target];
      if (!other) continue;
      const otherType = tagOf(other, 'type:');
      const otherScope = tagOf(other, 'scope:');
      if (!MAY_DEPEND_ON[type]?.includes(otherType)) faults.push(`${name} (${type}) must not depend on ${target} (${otherType})`);
      if (otherScope !== 'scope:shared' && otherScope !== scope && type !== 'type:host')
        faults.push(`${name} (${scope}) must not depend on ${target} (${otherScope}): services speak over the bus`);
    }
  }
  return faults;
}
