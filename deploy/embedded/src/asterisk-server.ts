import fs from 'node:fs';
import path from 'node:path';
import { ASTERISK_ENVIRONMENT, asteriskCommand, EDGE_READER, edgeDatabaseSql, renderEdge, stateDirs, type EdgeValues } from '@troncal/asterisk';
import type { AsteriskPart } from '@troncal/parts';
import { DATABASE, databaseSecret, schemaOf } from './database-bootstrap.js';
import type { StartOptions } from './options.js';
import { RTP_PORTS } from './ports.js';
import { AMI_USER, ARI_USER, audioSocketAddress, EDGE_ID, mediaUrl, SIP_REALM, type ServicePlan } from './service-plan.js';
import type { Secrets } from './secrets.js';
import type { ProcessSpec } from './supervised-process.js';

/** Statements for the schema and role that Asterisk reads endpoints by. */
export function edgeDatabaseStatements(secrets: Secrets): readonly string[] {
  return edgeDatabaseSql({ database: DATABASE, ownerRole: `${schemaOf('ari-gateway')}_owner`, readerPassword: secrets.of(databaseSecret(EDGE_READER)) });
}

/** Asterisk's process. Its configuration is rendered afresh before every start. */
export function asteriskProcess(part: AsteriskPart, plan: ServicePlan, options: StartOptions): ProcessSpec {
  const values = edgeValues(part, plan, options);
  const etcDir = path.join(plan.layout.asteriskDir, 'etc');
  return {
    name: 'asterisk',
    command: asteriskCommand(part, etcDir),
    env: ASTERISK_ENVIRONMENT,
    cwd: plan.layout.asteriskDir,
    stopSignal: 'SIGTERM',
    // Measured: 2.5 s to hang up every call and end.
    stopWithinMs: 10_000,
    beforeStart: () => {
      renderEdge(values, etcDir);
      // A control socket that a killed Asterisk left; with it a second one would think that the first still runs.
      fs.rmSync(path.join(stateDirs(values).run, 'asterisk.ctl'), { force: true });
    },
  };
}

function edgeValues(part: AsteriskPart, { layout, ports, secrets }: ServicePlan, options: StartOptions): EdgeValues {
  const { externalAddress, sipBind, rtpRange } = options;
  const rtp = rtpRange ? { start: rtpRange.first, end: rtpRange.last } : { start: ports.rtp, end: ports.rtp + RTP_PORTS - 1 };
  return {
    edgeId: EDGE_ID,
    sip: {
      bind: sipBind,
      port: ports.sip,
      realm: SIP_REALM,
      ...(externalAddress === null ? {} : { externalAddress, localNets: ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] }),
    },
    rtp,
    ari: { bind: '127.0.0.1', port: ports.ari, user: ARI_USER, password: secrets.of('asterisk.ari') },
    ami: { bind: '127.0.0.1', port: ports.ami, user: AMI_USER, password: secrets.of('asterisk.ami') },
    postgres: { host: '127.0.0.1', port: ports.postgres, database: DATABASE, user: EDGE_READER, password: secrets.of(databaseSecret(EDGE_READER)) },
    mediaUrl: mediaUrl(ports),
    audioSocket: audioSocketAddress(ports),
    dirs: { modules: part.modulesDir, data: part.dataDir, music: part.mohDir ?? part.dataDir, sounds: layout.soundsDir, state: layout.asteriskDir },
  };
}

/** Whether ARI answers. */
export async function asteriskReady({ ports, secrets }: ServicePlan): Promise<boolean> {
  const login = Buffer.from(`${ARI_USER}:${secrets.of('asterisk.ari')}`).toString('base64');
  try {
    const response = await fetch(`http://127.0.0.1:${ports.ari}/ari/asterisk/ping`, { headers: { authorization: `Basic ${login}` }, signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
