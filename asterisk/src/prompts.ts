import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readWav, resample, TELEPHONE_RATE, writeWav } from '@troncal/audio';
import { TransientError } from '@troncal/kernel';

/** What the dialplan says by itself (extensions.conf), by language and file name. */
export const EDGE_PROMPTS: Readonly<Record<'es' | 'en', Readonly<Record<string, string>>>> = {
  es: {
    fallback: 'Gracias por llamar. En este momento atendemos sin nuestro sistema principal. Un momento, por favor.',
    sorry: 'Lo sentimos, ahora no podemos atender su llamada. Por favor, inténtelo de nuevo en unos minutos.',
    'status-edge': 'La central telefónica funciona.',
    'status-gateway-alive': 'El control de llamadas funciona.',
    'status-gateway-away': 'El control de llamadas no responde.',
    'status-gateway-silent': 'El control de llamadas no ha dado señales desde el arranque.',
  },
  en: {
    fallback: 'Thank you for calling. Right now we are answering without our main system. One moment, please.',
    sorry: 'We are sorry, we cannot take your call right now. Please try again in a few minutes.',
    'status-edge': 'The telephone exchange is working.',
    'status-gateway-alive': 'Call control is working.',
    'status-gateway-away': 'Call control does not answer.',
    'status-gateway-silent': 'Call control has given no sign since the start.',
  },
};

/** Speaking one sentence takes 50 ms; this long means that the program hangs. */
const DEADLINE_MS = 20_000;

/**
 * Speaks the dialplan's prompts into `<soundsDir>/<language>/<name>.wav` (16-bit, 8 kHz, the only rate that Asterisk takes as `.wav`). What is there
 * already is left alone (a person's own recording too), unless we made it ourselves from another text: the `.txt` beside it says so.
 * @param espeak the argv prefix of espeak-ng
 * @throws TransientError when espeak-ng fails; a prompt that is missing is silence to the caller, never a lost call
 */
export async function renderPrompts(espeak: readonly string[], soundsDir: string): Promise<void> {
  for (const [language, prompts] of Object.entries(EDGE_PROMPTS)) {
    const folder = path.join(soundsDir, language);
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(prompts)) await renderPrompt(espeak, language, text, path.join(folder, name));
  }
}

async function renderPrompt(espeak: readonly string[], language: string, text: string, file: string): Promise<void> {
  const isOurs = fs.existsSync(`${file}.txt`);
  if (fs.existsSync(`${file}.wav`) && !(isOurs && fs.readFileSync(`${file}.txt`, 'utf8') !== text)) return;
  const spoken = readWav(await speak(espeak, language, text));
  const track = spoken.tracks[0] ?? new Int16Array();
  // Written aside and renamed: Asterisk never plays half a file.
  fs.writeFileSync(`${file}.part`, writeWav([resample(track, spoken.rate, TELEPHONE_RATE)]));
  fs.renameSync(`${file}.part`, `${file}.wav`);
  fs.writeFileSync(`${file}.txt`, text);
}

function speak(espeak: readonly string[], language: string, text: string): Promise<Buffer> {
  const [program, ...args] = espeak;
  const failed = (why: string): TransientError =>
    new TransientError('speech_failed', `espeak-ng could not speak a prompt of the edge: ${why}.`, { remedy: 'Without it the edge works and these prompts are silent.' });
  return new Promise((resolve, reject) => {
    if (program === undefined) return reject(failed('no program given'));
    const child = spawn(program, [...args, '-v', language === 'es' ? 'es-419' : 'en', '-s', '150', '--stdout', text], { stdio: ['ignore', 'pipe', 'pipe'], timeout: DEADLINE_MS });
    const sound: Buffer[] = [];
    const words: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => sound.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => words.push(chunk));
    child.on('error', (error) => reject(failed(error.message)));
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(sound)) : reject(failed(`exit code ${code}, ${Buffer.concat(words).toString('utf8').trim()}`))));
  });
}
