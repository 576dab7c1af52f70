import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatSamples, findTone, readWav, silence, tone, writeWav } from '@troncal/audio';
import { ensurePart } from '@troncal/parts';
import { eventually, freePort, type SipAccount } from '@troncal/testing';
import { z } from 'zod';

/** What ctrl_tcp says: answers to commands, and events such as CALL_ESTABLISHED. */
const messageSchema = z.object({ type: z.string().optional(), event: z.boolean().optional(), response: z.boolean().optional(), ok: z.boolean().optional(), data: z.string().optional(), param: z.string().optional(), peeruri: z.string().optional() });
type Message = z.infer<typeof messageSchema>;

/** baresip 1.1 hangs up when the file it speaks is over, so every file is longer than any call here. */
const PADDING_MS = 90_000;

/** baresip as a telephone: a SIP stack, an RTP stack and a G.711 codec that nobody here wrote. Speaks and hears by WAV files, obeys ctrl_tcp. */
export class BaresipPhone {
  /** Events that nobody has waited for yet. */
  private readonly untold: Message[] = [];
  private readonly answers: Message[] = [];
  private pending = Buffer.alloc(0);
  private output = '';
  private control: Socket | undefined;

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Starts it with one account and waits until it is registered. */
  static async open(pbx: { readonly host: string; readonly port: number }, account: SipAccount): Promise<BaresipPhone> {
    const part = await ensurePart('baresip');
    const folder = await mkdtemp(join(tmpdir(), 'troncal-baresip-'));
    const controlPort = await freePort();
    await writeFile(join(folder, 'quiet.wav'), writeWav([silence(PADDING_MS)]));
    await writeFile(join(folder, 'accounts'), `<sip:${account.sipUser}@${pbx.host}:${pbx.port};transport=udp>;auth_user=${account.sipUser};auth_pass=${account.password};regint=60;audio_codecs=pcmu;answermode=manual\n`);
    await writeFile(join(folder, 'config'), configuration(folder, part.modulesDir, controlPort));
    const [program, ...options] = [...part.command, '-f', folder, '-p', folder];
    if (program === undefined) throw new Error('baresip has no command');
    const phone = new BaresipPhone(folder, spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] }));
    try {
      phone.control = await eventually('baresip takes commands', () => open(controlPort));
      phone.control.on('data', (chunk: Buffer) => phone.read(chunk));
      await eventually(`baresip is registered as ${account.sipUser}`, () => /200 OK.*bindings?/i.test(phone.output), 15_000);
    } catch (error) {
      const { output } = phone;
      await phone.close();
      throw new Error(`baresip did not get ready: ${output.slice(-2_000)}`, { cause: error });
    }
    return phone;
  }

  /** Waits for an event (CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED) that came after the last one waited for. */
  event(type: string, withinMs = 20_000): Promise<Message> {
    return eventually(`baresip says ${type}`, () => {
      const at = this.untold.findIndex((message) => message.type === type);
      return at < 0 ? undefined : this.untold.splice(0, at + 1).at(-1);
    }, withinMs);
  }

  dial(target: string): Promise<void> {
    return this.command('dial', target);
  }

  accept(): Promise<void> {
    return this.command('accept');
  }

  press(digit: string): Promise<void> {
    return this.command('sndcode', digit);
  }

  hangup(): Promise<void> {
    return this.command('hangup');
  }

  /** Speaks a tone from now on. */
  async speak(hz: number): Promise<void> {
    const file = join(this.folder, `${hz}.wav`);
    await writeFile(file, writeWav([concatSamples([tone(hz, 10_000), silence(PADDING_MS)])]));
    await this.command('ausrc', `aufile,${file}`);
  }

  /** What it has heard in this call so far, 8 kHz. */
  async heard(): Promise<Int16Array> {
    const [track] = readWav(await readFile(join(this.folder, 'heard.wav'))).tracks;
    return track ?? new Int16Array();
  }

  /** Waits until a tone of `hz` was heard for 200 ms. */
  async hears(hz: number, withinMs = 15_000): Promise<void> {
    await eventually(`baresip hears ${hz} Hz`, async () => findTone(await this.heard(), hz, { minMs: 200 }), withinMs);
  }

  async close(): Promise<void> {
    this.control?.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      // It hangs up and unregisters first; a PBX that doesn't answer must not keep it.
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async command(command: string, params?: string): Promise<void> {
    const body = JSON.stringify({ command, ...(params === undefined ? {} : { params }) });
    const before = this.answers.length;
    this.control?.write(`${Buffer.byteLength(body)}:${body},`);
    const answer = await eventually(`baresip answers ${body}`, () => this.answers[before]);
    if (answer.ok !== true) throw new Error(`baresip refused ${body}: ${JSON.stringify(answer)}`);
  }

  /** Netstrings: `<length>:<JSON>,`. */
  private read(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (;;) {
      const colon = this.pending.indexOf(':');
      const length = Number(this.pending.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 0 || this.pending.length < colon + length + 2) return;
      const message = messageSchema.parse(JSON.parse(this.pending.subarray(colon + 1, colon + 1 + length).toString()));
      (message.event === true ? this.untold : this.answers).push(message);
      this.pending = this.pending.subarray(colon + length + 2);
    }
  }
}

function configuration(folder: string, modules: string, controlPort: number): string {
  const lines = {
    // Any free ports: with a port of its own baresip wants the next one too, for TLS.
    sip_listen: '127.0.0.1:0',
    audio_player: `aufile,${folder}/heard.wav`,
    audio_source: `aufile,${folder}/quiet.wav`,
    audio_alert: `aufile,${folder}/alert.wav`,
    ausrc_srate: 8_000, auplay_srate: 8_000, ausrc_channels: 1, auplay_channels: 1,
    module_path: modules,
    ctrl_tcp_listen: `127.0.0.1:${controlPort}`,
  };
  const loaded = ['module g711.so', 'module aufile.so', 'module_tmp account.so', 'module_app menu.so', 'module_app ctrl_tcp.so'];
  return [...Object.entries(lines).map(([name, value]) => `${name} ${value}`), ...loaded, ''].join('\n');
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
