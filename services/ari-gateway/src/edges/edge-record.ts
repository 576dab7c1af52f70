import type { AriAddress } from '@troncal/ari';
import type { MediaKind } from '../calls/drive/media-leg-opener.js';
import type { GatewayConfig } from '../config.js';
import type { DeclaredEdge } from './edge-declarations.js';

/** What this process must know of an edge to hold it. */
export interface EdgeRecord {
  readonly edgeId: string;
  readonly ari: AriAddress;
  readonly ami: AriAddress;
  /** Where its Asterisk writes recordings, as this process sees it. */
  readonly recordingsDir: string;
  /** What carries its callers' audio to realtime-voice. */
  readonly media: MediaKind;
}

/** The edge that the settings give. */
export function edgeOfSettings(config: GatewayConfig): EdgeRecord {
  const { hostname, port } = new URL(config.ARI_URL);
  return {
    edgeId: config.EDGE_ID,
    ari: { host: hostname, port: Number(port === '' ? 80 : port), user: config.ARI_USER, password: config.ARI_PASSWORD },
    ami: { host: config.AMI_HOST, port: config.AMI_PORT, user: config.AMI_USER, password: config.AMI_PASSWORD },
    recordingsDir: config.RECORDINGS_DIR,
    media: config.EDGE_MEDIA,
  };
}

/** An edge that was declared over HTTP. */
export function edgeOfDeclaration({ view, ariPassword, amiPassword }: DeclaredEdge, config: GatewayConfig): EdgeRecord {
  const { hostname, port } = new URL(view.ari.url);
  return {
    edgeId: view.edgeId,
    ari: { host: hostname, port: Number(port === '' ? 80 : port), user: view.ari.user, password: ariPassword },
    ami: { ...view.ami, password: amiPassword },
    recordingsDir: view.recordingsDir ?? config.RECORDINGS_DIR,
    media: view.media,
  };
}
