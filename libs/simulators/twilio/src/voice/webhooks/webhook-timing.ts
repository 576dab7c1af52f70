/** How patient Twilio is with a webhook. Times in ms. */
export interface WebhookTiming {
  readonly connectMs: number;
  readonly readMs: number;
  readonly totalMs: number;
  readonly retries: number;
  /** On what it tries again. */
  readonly retryOn: ReadonlySet<string>;
}

const DEFAULTS: WebhookTiming = { connectMs: 5_000, readMs: 15_000, totalMs: 15_000, retries: 1, retryOn: new Set(['ct']) };

const within = (text: string | null, least: number, most: number, otherwise: number): number => {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
};

/** What a URL's fragment overrides: `#ct=2000&rt=5000&tt=9000&rc=2&rp=ct,5xx` (reference/twilio.md section 5). What is out of range counts as not said. */
export function timingOf(url: string): WebhookTiming {
  const said = new URLSearchParams(url.split('#')[1] ?? '');
  const policy = said.get('rp');
  return {
    connectMs: within(said.get('ct'), 100, 10_000, DEFAULTS.connectMs),
    readMs: within(said.get('rt'), 100, 15_000, DEFAULTS.readMs),
    totalMs: within(said.get('tt'), 100, 15_000, DEFAULTS.totalMs),
    retries: within(said.get('rc'), 0, 5, DEFAULTS.retries),
    retryOn: policy === null ? DEFAULTS.retryOn : new Set(policy.split(',')),
  };
}
