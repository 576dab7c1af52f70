/** What `-o json` prints: the answer of the API, indented, so that `jq` and people can read it. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
