import { errorText } from '@troncal/kernel';
import { z } from 'zod';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { problemError } from './problem-error.js';

/** Where the API is and how to be let in; looked up when first needed, so that help needs neither. */
export interface ApiAddress {
  /** E.g. http://127.0.0.1:8080 */
  readonly url: () => string;
  readonly key: () => string;
}

/** What is asked. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the address, e.g. /api/calls; parts of it already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Longer than any deadline inside the services: whoever waited this long was not answered. */
const DEADLINE_MS = 20_000;

/** A path from parts that may hold anything: each is encoded. */
export const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

/**
 * The HTTP API of one Troncal. An answer is read by its schema (unknown fields are dropped); what is no success, no answer, or not what
 * the schema says becomes a {@link CliError} with the exit code of its kind.
 */
export class ApiClient {
  constructor(private readonly address: ApiAddress) {}

  /** The answer's body, read by `schema`. */
  async ask<T>(request: ApiRequest, schema: z.ZodType<T>): Promise<T> {
    const { status, bytes } = await this.succeed(request);
    const text = textOf(bytes);
    let value: unknown;
    try {
      value = text === '' ? undefined : JSON.parse(text);
    } catch {
      throw new CliError(EXIT.failed, `${asked(request)} answered ${status} with something that is not JSON`, 'Is this address really a Troncal? See: troncal status');
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const faults = read.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
    throw new CliError(EXIT.failed, `${asked(request)} answered in a shape that this version of the command does not know`, 'Use the command of the same version as the installation.', faults);
  }

  /** For answers without a body that matters. */
  async tell(request: ApiRequest): Promise<void> {
    await this.succeed(request);
  }

  /** The answer as it came, a file for example. */
  async download(request: ApiRequest): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.succeed(request)).bytes;
  }

  /** Status and text of an answer, whatever they are: for health, whose refusal is an answer too. */
  async probe(request: ApiRequest): Promise<{ readonly status: number; readonly text: string }> {
    const { status, bytes } = await this.send(request);
    return { status, text: textOf(bytes) };
  }

  private async succeed(request: ApiRequest): Promise<Answer> {
    const answer = await this.send(request);
    if (answer.status < 200 || answer.status > 299) throw problemError(asked(request), answer.status, textOf(answer.bytes));
    return answer;
  }

  private async send(request: ApiRequest): Promise<Answer> {
    const url = new URL(request.path, this.address.url());
    for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { accept: 'application/json', authorization: `Bearer ${this.address.key()}`, ...request.headers };
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    try {
      const response = await fetch(url, {
        method: request.method ?? 'GET',
        headers,
        // The key must not follow a redirect to somebody else.
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      });
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
    } catch (error) {
      throw new CliError(EXIT.unreachable, `nothing answers at ${url.origin}: ${reason(error)}`, 'Start it with npm start, or name another one with --url or TRONCAL_URL.');
    }
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const asked = (request: ApiRequest): string => `${request.method ?? 'GET'} ${request.path}`;

function reason(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return `no answer within ${DEADLINE_MS / 1_000} s`;
  // fetch says only "fetch failed"; its cause has the facts.
  return error instanceof Error && error.cause !== undefined ? errorText(error.cause) : errorText(error);
}
