/** Whether a path is one of these: exact, or beginning like one that ends in `/*`. */
export function oneOf(patterns: readonly string[]): (path: string) => boolean {
  return (path) => patterns.some((pattern) => (pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern));
}
