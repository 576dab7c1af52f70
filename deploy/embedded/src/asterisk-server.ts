import fs from 'node:fs';
import path from 'node:path';
import { ASTERISK_ENVIRONMENT, asteriskCommand, EDGE_READER, edgeDatabaseSql, renderEdge, stateDirs, type EdgeValues } from '@troncal/asterisk';
import type { AsteriskPart } from '@troncal/parts';
import { DATABASE, databaseSecret, schemaOf } from './database-bootstrap.js';
import type { EdgePlace } from './edge-places.js';
import type { StartOptions } from './options.js';
import { AMI_USER, ARI_USER, ariPassword, amiPassword, audioSocketAddress, mediaUrl, SIP_REALM, type ServicePlan } from './service-plan.js';
import type { Secrets } from './secrets.js';
import type { ProcessSpec } from './supervised-process.js';

/** Statements for the schema and role that Asterisk reads endpoints by. */
export function edgeDatabaseStatements(secrets: Secrets): readonly string[] {
  return edgeDatabaseSql({ database: DATABASE, ownerRole: `${schemaOf('ari-gateway')}_owner`, readerPassword: secrets.of(databaseSecret(EDGE_READER)) });
}

/** The process of one edge's Asterisk. Its configuration is rendered afresh before every start. */
export function asteriskProcess(part: AsteriskPart, plan: ServicePlan, options: StartOptions, place: EdgePlace): ProcessSpec {
  const values = edgeValues(part, plan, options, place);
  const etcDir = path.join(place.asteriskDir, 'etc');
  return {
    name: place.name,
    command: asteriskCommand(part, etcDir),
    env: ASTERISK_ENVIRONMENT,
    cwd: place.asteriskDir,
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

function edgeValues(part: AsteriskPart, { layout, ports, secrets }: ServicePlan, { externalAddress, sipBind }: StartOptions, place: EdgePlace): EdgeValues {
  return {
    edgeId: place.edgeId,
    sip: {
      bind: sipBind,
      port: place.ports.sip,
      realm: SIP_REALM,
      ...(externalAddress === null ? {} : { externalAddress, localNets: ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] }),
    },
    rtp: place.rtp,
    ari: { bind: '127.0.0.1', port: place.ports.ari, user: ARI_USER, password: ariPassword(secrets, place) },
    ami: { bind: '127.0.0.1', port: place.ports.ami, user: AMI_USER, password: amiPassword(secrets, place) },
    postgres: { host: '127.0.0.1', port: ports.postgres, database: DATABASE, user: EDGE_READER, password: secrets.of(databaseSecret(EDGE_READER)) },
    mediaUrl: mediaUrl(ports),
    audioSocket: audioSocketAddress(ports),
    dirs: { modules: part.modulesDir, data: part.dataDir, music: part.mohDir ?? part.dataDir, sounds: layout.soundsDir, state: place.asteriskDir },
  };
}

/** Whether ARI answers. */
export async function asteriskReady({ secrets }: ServicePlan, place: EdgePlace): Promise<boolean> {
  const login = Buffer.from(`${ARI_USER}:${ariPassword(secrets, place)}`).toString('base64');
  try {
    const response = await fetch(`http://127.0.0.1:${place.ports.ari}/ari/asterisk/ping`, { headers: { authorization: `Basic ${login}` }, signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
