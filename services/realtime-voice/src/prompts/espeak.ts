import { spawn } from 'node:child_process';
import { readWav, resample, TELEPHONE_RATE } from '@troncal/audio';

const DEADLINE_MS = 8_000;
const MAX_WAV_BYTES = 16 * 1024 * 1024;

/**
 * Speaks a text with espeak-ng as a separate program (it is GPL-3); linear samples at 8 kHz. Rejects when the program can't be run, fails or
 * takes longer than 8 s. The text goes in by stdin, so that one that begins with a dash is no option.
 * @param command program and first arguments
 */
export async function espeak(command: readonly string[], text: string, language: string): Promise<Int16Array> {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('ESPEAK_COMMAND is empty');
  const wav = readWav(await run(program, [...args, '-v', language, '-s', '160', '--stdin', '--stdout'], text));
  const track = wav.tracks[0];
  if (track === undefined || track.length === 0) throw new Error('espeak-ng made no sound');
  return resample(track, wav.rate, TELEPHONE_RATE);
}

function run(program: string, args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: DEADLINE_MS, killSignal: 'SIGKILL' });
    const parts: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MAX_WAV_BYTES) child.kill('SIGKILL');
      else parts.push(part);
    });
    child.on('error', reject);
    // A program that dies before reading closes the pipe; its exit code tells why.
    child.stdin.on('error', () => {});
    child.stdin.end(text(input));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(parts));
      else reject(new Error(`${program} ended with ${code ?? signal ?? '?'}`));
    });
  });
}

const text = (input: string): string => `${input.replaceAll(/\s+/g, ' ').trim()}\n`;
