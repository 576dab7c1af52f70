import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemType, type Problem } from '@troncal/contracts';
import { run, type ExitCode, type Terminal } from '../src/index.js';

/** A request as it reached the local API. */
export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** What the local API answers. */
export interface Answer {
  readonly status?: number;
  /** JSON, unless a string: then as it is. */
  readonly body?: unknown;
}

export const KEY = 'tk_local_0123456789';

/** A problem document as the services answer it. */
export function problem(status: number, code: string, title: string, detail: string, errors?: Problem['errors']): Answer {
  const body: Problem = { type: problemType(code), title, status, detail, code, ...(errors && { errors }) };
  return { status, body };
}

/** A small HTTP server that plays the API by the contracts' shapes: no Troncal needed, but a real socket. */
export class LocalApi {
  readonly asked: Asked[] = [];
  readonly keyFile: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'troncal-cli-'));

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    this.keyFile = this.file('key', `${KEY}\n`);
  }

  /** @param answers by `METHOD /path` without query; everything else is a 404 problem */
  static async open(answers: Readonly<Record<string, Answer | ((asked: Asked) => Answer)>>): Promise<LocalApi> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const asked: Asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
        api.asked.push(asked);
        const found = answers[`${asked.method} ${asked.url.split('?')[0]}`];
        const known = typeof found === 'function' ? found(asked) : found;
        const answer = asked.headers.authorization === `Bearer ${KEY}` ? (known ?? problem(404, 'not_found', 'Not found', `There is no ${asked.url}.`)) : problem(401, 'no_key', 'Unauthorised', 'The key is not known.');
        response.writeHead(answer.status ?? 200, { 'content-type': typeof answer.body === 'string' ? 'text/html' : 'application/json' });
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const api = new LocalApi(server, `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    return api;
  }

  /** A file that is gone with the API. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Runs `troncal` in this process against this API. */
  troncal(...argv: readonly string[]): Promise<Ran> {
    return troncal([...argv, '--url', this.url, '--key-file', this.keyFile]);
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs `troncal` in this process, with nothing of this machine's surroundings, and gives what it printed. */
export async function troncal(argv: readonly string[], env: Terminal['env'] = {}, interrupted = new AbortController().signal, heard: (text: string) => void = () => {}): Promise<Ran> {
  let out = '';
  let err = '';
  const nowhere = join(tmpdir(), 'troncal-cli-no-such-folder');
  const terminal: Terminal = {
    out: (text) => {
      out += text;
      heard(text);
    },
    err: (text) => (err += text),
    env: { TRONCAL_STATE_DIR: nowhere, ...env },
    colour: false,
    interrupted,
  };
  const code = await run(argv, terminal);
  return { code, out, err };
}
