import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PermanentError, type Fault } from '@troncal/kernel';
import { faultsOf, PATH_RULE, SAFE_PATH } from './check-values.js';
import { stateDirs, type EdgeValues } from './edge-values.js';
import { fill, placesOf } from './template.js';

const TEMPLATES = fileURLToPath(new URL('../etc/', import.meta.url));

/** Where Asterisk makes files without making their folder (22.10: recordings fail without spool/recording). */
const SPOOL_FOLDERS = ['recording', 'monitor', 'tmp', 'outgoing', 'voicemail'];

/**
 * Writes one edge's configuration into `targetDir` (made if absent; readable by its owner only, as passwords are in it) and makes the folders that
 * Asterisk writes to. Files of `targetDir` that aren't ours are left alone.
 * @throws PermanentError `bad_edge_values` naming every fault; nothing is written then
 */
export function renderEdge(values: EdgeValues, targetDir: string): void {
  const faults = faultsOf(values);
  const etcDir = path.resolve(targetDir);
  if (!SAFE_PATH.test(etcDir)) faults.push({ where: 'targetDir', message: PATH_RULE });
  const filled = faults.length > 0 ? [] : fillAll(placeValues(values, etcDir), faults);
  if (faults.length > 0) {
    throw new PermanentError('bad_edge_values', `The edge can't be configured: ${faults.map((fault) => `${fault.where}: ${fault.message}`).join('; ')}.`, {
      faults,
      remedy: 'Correct these values; the configuration is as it was.',
    });
  }
  fs.mkdirSync(etcDir, { recursive: true, mode: 0o750 });
  for (const { file, text } of filled) fs.writeFileSync(path.join(etcDir, file), text, { mode: 0o640 });
  const { spool, log, run, lib, cache } = stateDirs(values);
  for (const folder of [spool, log, run, lib, cache, ...SPOOL_FOLDERS.map((name) => path.join(spool, name))]) fs.mkdirSync(folder, { recursive: true, mode: 0o750 });
}

function fillAll(places: ReadonlyMap<string, string>, faults: Fault[]): { file: string; text: string }[] {
  const files = fs.readdirSync(TEMPLATES).filter((file) => file.endsWith('.conf'));
  const asked = new Set<string>();
  const filled = files.map((file) => {
    const template = fs.readFileSync(path.join(TEMPLATES, file), 'utf8');
    for (const name of placesOf(template)) asked.add(name);
    return { file, text: fill(file, template, places, faults) };
  });
  // A value that no file asks for is a template that lost its place: found here and not in production.
  for (const name of places.keys()) if (!asked.has(name)) faults.push({ where: name, message: 'no file asks for this value' });
  return filled;
}

function placeValues(values: EdgeValues, etcDir: string): ReadonlyMap<string, string> {
  const { sip, rtp, ari, ami, postgres, dirs } = values;
  const { spool, log, run } = stateDirs(values);
  const nat = sip.externalAddress === undefined ? [] : [`external_signaling_address = ${sip.externalAddress}`, `external_media_address = ${sip.externalAddress}`];
  const natLines = [...nat, ...(sip.localNets ?? []).map((net) => `local_net = ${net}`)];
  return new Map([
    ['EDGE_ID', values.edgeId],
    ['ETC_DIR', etcDir],
    ['MODULES_DIR', dirs.modules],
    ['DATA_DIR', dirs.data],
    ['STATE_DIR', dirs.state],
    ['SPOOL_DIR', spool],
    ['LOG_DIR', log],
    ['RUN_DIR', run],
    ['MOH_DIR', dirs.music],
    ['SOUNDS_DIR', dirs.sounds],
    ['SIP_BIND', sip.bind],
    ['SIP_PORT', String(sip.port)],
    ['SIP_REALM', sip.realm],
    ['NAT_LINES', natLines.join('\n')],
    ['TLS_TRANSPORT', tlsTransport(sip, natLines)],
    ['RTP_START', String(rtp.start)],
    ['RTP_END', String(rtp.end)],
    ['ARI_BIND', ari.bind],
    ['ARI_PORT', String(ari.port)],
    ['ARI_USER', ari.user],
    ['ARI_PASSWORD', ari.password],
    ['AMI_BIND', ami.bind],
    ['AMI_PORT', String(ami.port)],
    ['AMI_USER', ami.user],
    ['AMI_PASSWORD', ami.password],
    ['AMI_PERMIT', ami.permit ?? '127.0.0.0/8'],
    ['PG_HOST', postgres.host],
    ['PG_PORT', String(postgres.port)],
    ['PG_DATABASE', postgres.database],
    ['PG_USER', postgres.user],
    ['PG_PASSWORD', postgres.password],
    ['AUDIOSOCKET_ADDRESS', values.audioSocket ?? ''],
    ['MEDIA_URL', values.mediaUrl],
    ['MEDIA_TLS', values.mediaUrl.startsWith('wss:') ? 'yes' : 'no'],
  ]);
}

/** The transport of SIP over TLS; nothing without a certificate. Whoever calls needs none of its own: who it is, its password says. */
function tlsTransport({ bind, tls }: EdgeValues['sip'], natLines: readonly string[]): string {
  if (!tls) return '; No SIP over TLS: the edge has no certificate.';
  return ['[transport-tls]', 'type = transport', 'protocol = tls', 'method = tlsv1_2', `bind = ${bind}:${tls.port}`, `cert_file = ${tls.certificate}`, `priv_key_file = ${tls.key}`, ...natLines].join('\n');
}
