/** An answer of the HTTP API, whatever its status. */
export interface ApiAnswer<TBody = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: TBody;
}

/** Speaks HTTP to a running Troncal as an outside system would. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly key: string | undefined,
  ) {}

  /** The same address with another key, or none. */
  withKey(key: string | undefined): ApiClient {
    return new ApiClient(this.url, key);
  }

  /** Sends a request; a body is sent as JSON, a string as it is. Never throws for a status. */
  async send<TBody = unknown>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer<TBody>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { ...(this.key ? { authorization: `Bearer ${this.key}` } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (json && text ? JSON.parse(text) : text) as TBody };
  }

  /** Sends a request that must succeed; else throws with the whole answer. */
  async expect<TBody = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TBody> {
    const answer = await this.send<TBody>(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
