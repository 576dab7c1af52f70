import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, LocalApi, problem, troncal } from '../test/local-api.js';
import { EXIT } from './exit-codes.js';
import { GROUPS, VERBS } from './verbs.js';

const words = [...VERBS.map((verb) => verb.command), ...GROUPS.flatMap((group) => group.verbs.map((verb) => `${group.name} ${verb.command}`))].map((command) => command.split(/ [[<]/)[0]!);

describe('the command line', () => {
  it('shows help with every command and the exit codes', async () => {
    const { code, out } = await troncal(['--help']);
    expect(code).toBe(EXIT.ok);
    for (const name of [...VERBS.map((verb) => verb.command.split(' ')[0]), ...GROUPS.map((group) => group.name)]) expect(out).toContain(`troncal ${name}`);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('0 ok, 1 failed, 2 usage, 3 not running or unreachable, 4 refused or unauthorised, 5 not found');
  });

  it.each(words)('troncal %s --help explains itself in English, with nothing running', async (command) => {
    const { code, out, err } = await troncal([...command.split(' '), '--help'], { LANG: 'es_CL.UTF-8' });
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toContain('--output');
    expect(out).toContain('Show help');
  });

  it.each([
    ['nothing', [], 'no command was given'],
    ['an unknown command', ['dance'], 'Unknown argument: dance'],
    ['a group without a verb', ['calls'], 'calls needs a verb'],
    ['an unknown verb', ['calls', 'juggle'], 'Unknown argument: juggle'],
    ['an unknown option', ['calls', 'list', '--loud'], 'Unknown argument: loud'],
    ['a missing argument', ['calls', 'show'], 'Not enough non-option arguments'],
    ['a wrong number', ['calls', 'list', '--limit', 'many'], '--limit is "many"; expected a whole number from 1 to 10000'],
    ['a wrong choice', ['calls', 'list', '-o', 'xml'], 'Invalid values'],
    ['a wrong address', ['calls', 'list', '--url', 'troncal'], '"troncal" is no address of an API'],
    ['both a route and an agent', ['calls', 'originate', '--to', '201', '--route', 'a', '--agent', 'b'], 'mutually exclusive'],
    ['a pair that is none', ['calls', 'originate', '--to', '201', '--tenant', 'demo', '--var', 'X'], '--var is "X"; expected NAME=value'],
  ])('refuses %s with 2 and one error', async (_, argv, message) => {
    const { code, out, err } = await troncal(argv);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(message);
    expect(err).toMatch(/^error: .+\ntry: {3}.+\n$/);
    expect(out).toBe('');
  });

  it('completes commands and options for the shell', async () => {
    expect((await troncal(['--get-yargs-completions', 'troncal', 'calls', ''])).out.split('\n')).toEqual(expect.arrayContaining(['list', 'show', 'originate', 'hangup']));
    for (const shell of ['bash', 'zsh', 'fish']) expect((await troncal(['completion', shell])).out).toContain('--get-yargs-completions');
  });
});

describe('where it goes', () => {
  let api: LocalApi;
  beforeAll(async () => (api = await LocalApi.open({ 'GET /api/tenants': { body: { tenants: [] } } })));
  afterAll(() => api.close());

  it('says with 3 that nothing runs, and how to start it', async () => {
    const { code, err } = await troncal(['tenants', 'list']);
    expect(code).toBe(EXIT.unreachable);
    expect(err).toMatch(/^error: Troncal does not run here: there is no .+state\.json\ntry: {3}Start it with npm start/);
  });

  it('says with 3 that nothing answers there', async () => {
    const gone = await LocalApi.open({});
    const { keyFile } = api;
    await gone.close();
    const { code, err } = await troncal(['tenants', 'list', '--url', gone.url, '--key-file', keyFile]);
    expect(code).toBe(EXIT.unreachable);
    expect(err).toContain(`nothing answers at ${gone.url}: connect ECONNREFUSED`);
  });

  it('takes address and key from the environment', async () => {
    const { code, out } = await troncal(['tenants', 'list'], { TRONCAL_URL: api.url, TRONCAL_API_KEY_FILE: api.keyFile });
    expect({ code, out }).toEqual({ code: EXIT.ok, out: 'No tenants yet. Create one: POST /api/tenants\n' });
    expect(api.asked.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('never sends a key to an address it was not made for', async () => {
    const before = api.asked.length;
    const { code, err } = await troncal(['tenants', 'list', '--url', api.url]);
    expect(code).toBe(EXIT.refused);
    expect(err).toContain('--key-file FILE or TRONCAL_API_KEY_FILE');
    expect(api.asked).toHaveLength(before);
  });

  it('refuses a key file that holds something else before it is sent', async () => {
    const before = api.asked.length;
    const { code } = await troncal(['tenants', 'list', '--url', api.url, '--key-file', api.file('not-a-key', 'two words\nand lines\n')]);
    expect(code).toBe(EXIT.refused);
    expect(api.asked).toHaveLength(before);
  });
});

describe('what the API refuses', () => {
  it.each([
    [401, EXIT.refused],
    [403, EXIT.refused],
    [404, EXIT.notFound],
    [409, EXIT.failed],
    [422, EXIT.failed],
    [500, EXIT.failed],
    [503, EXIT.unreachable],
  ])('%i ends with %i and the problem in one line', async (status, code) => {
    const api = await LocalApi.open({ 'GET /api/tenants': problem(status, 'some_code', 'It is so', 'Because of this. Do that.', status === 422 ? [{ path: 'code', message: 'is taken' }] : undefined) });
    const ran = await api.troncal('tenants', 'list', '-o', 'json');
    await api.close();
    expect(ran.code).toBe(code);
    expect(ran.err.split('\n')[0]).toBe(`error: It is so: Because of this. Do that. (${status} some_code)`);
    expect(ran.err.includes('  - code: is taken\n')).toBe(status === 422);
    expect(ran.out).toBe('');
  });

  it('tells an answer that is no API from one that is of another version', async () => {
    const page = await LocalApi.open({ 'GET /api/tenants': { status: 502, body: '<html>\u001b[2Jbad gateway' }, 'GET /api/calls': { body: { rows: [] } } });
    const gateway = await page.troncal('tenants', 'list');
    expect(gateway.code).toBe(EXIT.unreachable);
    expect(gateway.err).toContain('GET /api/tenants answered 502 with "<html> [2Jbad gateway"');
    const version = await page.troncal('calls', 'list');
    expect(version.code).toBe(EXIT.failed);
    expect(version.err).toContain('calls: Invalid input');
    await page.close();
  });
});
