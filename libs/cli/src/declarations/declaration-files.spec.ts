import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { LocalApi, problem } from '../../test/local-api.js';

const TENANT = `tenant: PLAZA
name: Plaza Norte
country: CL
timeZone: America/Santiago
numbers:
  - "+56229145248"
endpoints:
  - { extension: "201", role: office }
emergency: { acknowledged: true }
routes:
  main:
    name: Main
    start: bye
    nodes:
      bye: { kind: hangup }
`;

describe('a file of declarations', () => {
  let api: LocalApi;
  beforeAll(async () => {
    api = await LocalApi.open({
      'GET /api/environments': { body: { environments: [] } },
      'POST /api/environments/prod/plan': problem(409, 'declarations_clash', 'Conflict', 'What is declared can’t be.', [{ path: '/declarations/1/numbers/0', message: '+56229145248 is plaza’s in "prod": move it, or choose another one' }]),
    });
  });
  afterAll(() => api.close());

  const plan = (name: string, text: string): ReturnType<LocalApi['troncal']> => api.troncal('tenants', 'plan', '-f', api.file(name, text), '--env', 'prod');

  it.each<readonly [string, string, string, string]>([
    ['a number without its route', TENANT.replace('main:', 'other:'), '6: PLAZA: numbers.0: ', 'leads to the route "main", which is not declared (other): add it under routes'],
    ['an unknown field', TENANT.replace('country: CL', 'country: CL\ncolour: red'), '1: PLAZA: ', 'colour'],
    ['a missing field', TENANT.replace('name: Plaza Norte\n', ''), '1: PLAZA: name: ', 'expected string'],
    ['two phones of one extension', TENANT.replace('role: office }', 'role: office }\n  - { extension: "201", role: gate }'), '9: PLAZA: endpoints.1.extension: ', 'choose another one'],
    ['emergency calls that nobody knows of', TENANT.replace('acknowledged: true', 'acknowledged: false'), '9: PLAZA: emergency: ', 'can\'t call for help'],
    ['a wrong value deep in a route', TENANT.replace('hangup }', 'hangup, cause: bored }'), '15: PLAZA: routes.main.nodes.bye.cause: ', 'expected one of'],
    ['what is no YAML', `${TENANT}\n  bad: [`, '', ''],
  ])('with %s is refused by file, line and remedy, and nothing is sent', async (_, text, place, message) => {
    const before = api.asked.length;
    const { code, err } = await plan('t.yaml', text);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(`t.yaml:${place}`);
    expect(err).toContain(message);
    expect(api.asked.length).toBe(before);
  });

  it('names every fault at once, of all its tenants', async () => {
    const { err } = await plan('t.yaml', `${TENANT.replace('country: CL', 'country: Chile')}---\n${TENANT.replace('PLAZA', 'FLORES').replace('start: bye', 'start: gone')}`);
    expect(err).toMatch(/t\.yaml:3: PLAZA: country: .*CL/);
    expect(err).toMatch(/t\.yaml:\d+: FLORES: routes\.main\.start: no node "gone"/);
  });

  it('has the service’s refusals told where they stand in it, in a list as in documents', async () => {
    const indented = (text: string): string => text.trimEnd().split('\n').map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`).join('\n');
    const { code, err } = await plan('list.yaml', `tenants:\n${indented(TENANT)}\n${indented(TENANT.replace('PLAZA', 'FLORES'))}\n`);
    expect(code).toBe(EXIT.failed);
    expect(err).toContain('list.yaml:22: FLORES: numbers.0: +56229145248 is plaza’s');
  });

  it('may be JSON', async () => {
    const { err } = await plan('t.json', JSON.stringify({ tenant: 'x', name: 'X' }, null, 2));
    expect(err).toContain('t.json:1:');
  });
});
