/** Where one Asterisk's ARI is, and as whom to enter it. */
export interface AriAddress {
  readonly host: string;
  readonly port: number;
  /** As in ari.conf. */
  readonly user: string;
  readonly password: string;
}

/** The WebSocket URL of the events of `app`; credentials go in the Authorization header and never into a URL, which gets logged. */
export function eventsUrl(address: AriAddress, app: string): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `ws://${host}:${address.port}/ari/events?app=${encodeURIComponent(app)}&subscribeAll=false`;
}
