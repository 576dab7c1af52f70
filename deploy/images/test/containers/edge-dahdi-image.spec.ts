import { readFileSync } from 'node:fs';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES, inside, secretFile } from './container-lab.js';

const sample = (name: string): string => readFileSync(new URL(`../../../../k8s/overlays/prod/dahdi/${name}`, import.meta.url), 'utf8');
const LOADER = '$(ls /opt/asterisk/usr/lib64/ld-linux-*) --library-path $(ls -d /opt/asterisk/usr/lib/*-linux-gnu)';

describe('the image edge-dahdi, on a machine without cards', () => {
  let edge: StartedTestContainer;

  beforeAll(async () => {
    edge = await new GenericContainer(IMAGES.edgeDahdi)
      .withEnvironment({ EDGE_ID: 'edge-dahdi', MEDIA_URL: 'ws://nobody:9092/media', POSTGRES_HOST: '127.0.0.1' })
      .withCopyContentToContainer([
        ...['ari-password', 'ami-password', 'asterisk-reader-password'].map((name) => secretFile(name, 'none')),
        // With no device a channel of the sample would be refused, and the module with it; the file is read all the same.
        { content: sample('chan_dahdi.conf').replaceAll(/^channel =>.*$/gm, ''), target: '/etc/troncal/dahdi/chan_dahdi.conf', mode: 0o444 },
        { content: sample('system.conf'), target: '/etc/dahdi/system.conf', mode: 0o444 },
        { content: `${sample('system.conf')}\nfxsks=1\nnonsense\n`, target: '/etc/dahdi/wrong.conf', mode: 0o444 },
      ])
      .withWaitStrategy(Wait.forHealthCheck())
      .start();
  });
  afterAll(async () => void (await edge?.stop({ timeout: 5_000 })));

  it('loads chan_dahdi', async () => {
    const listed = await inside(edge, ['sh', '-c', `${LOADER} /opt/asterisk/usr/sbin/asterisk -C /run/troncal/etc/asterisk.conf -rx 'module show like chan_dahdi'`]);
    expect(listed).toMatch(/chan_dahdi\.so .*Running/);
  });

  it('judges the sample of system.conf by dahdi_cfg -t, and refuses a wrong one', async () => {
    // It only asks that the device is there; an empty file is enough to read a configuration.
    await inside(edge, ['sh', '-c', 'mkdir -p /dev/dahdi && : > /dev/dahdi/ctl'], { user: 'root' });
    const judge = (file: string, exitCode: number): Promise<string> => inside(edge, ['sh', '-c', `${LOADER} /opt/asterisk/usr/sbin/dahdi_cfg -t -vv -c ${file} 2>&1`], { user: 'root', exitCode });
    expect(await judge('/etc/dahdi/system.conf', 0)).toMatch(/39 channels/);
    expect(await judge('/etc/dahdi/wrong.conf', 1)).toMatch(/error\(s\) detected/);
  });
});
