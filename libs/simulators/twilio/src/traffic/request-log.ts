/** A request as it came, without what is secret. */
export interface LoggedRequest {
  readonly at: string;
  readonly account: string;
  readonly method: string;
  /** Host and path. */
  readonly place: string;
  /** Its parameters; a password is `[secret]`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** 0 when it got no answer. */
  status: number;
  /** From its coming to its answer; 0 while there is none. */
  tookMs: number;
  /** Twilio's code of a refusal. */
  code?: number;
  /** Requests of this account that were under way when it came, itself included. */
  readonly atOnce: number;
}

const SECRET = new Set(['Password', 'AuthToken']);

export const withoutSecrets = (parameters: URLSearchParams): Record<string, string> => Object.fromEntries([...parameters].map(([name, value]) => [name, SECRET.has(name) ? '[secret]' : value]));
