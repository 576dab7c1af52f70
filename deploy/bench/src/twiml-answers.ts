import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { percentile, table, type Figures } from './figures.js';
import { machine } from './process-cost.js';
import { startVoiceService } from './twiml/voice-service.js';
import { NUMBER, PUBLIC_URL, TOKEN } from './twiml/declared.js';

/** Calls at the same time, for how long, and how long a caller listens between two steps on average: this menu takes some 5 s to say, a ring longer. */
const CALLS = Number(process.env['BENCH_CALLS'] ?? 200);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 20);
const STEP_MS = Number(process.env['BENCH_STEP_MS'] ?? 4_000);
/** The same load before, unmeasured. */
const WARM_SECONDS = Number(process.env['BENCH_WARM_SECONDS'] ?? 15);
const TARGET_MS = 10;
const CONSTANT = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>';
const agent = new Agent({ keepAlive: true, maxSockets: CALLS });

interface Answered {
  readonly ms: number;
  readonly status: number;
  readonly body: string;
}

/** Posts a form as Twilio does; the time is from its sending to the last byte of the answer. */
function post(base: string, target: string, form: Readonly<Record<string, string>>): Promise<Answered> {
  const body = new URLSearchParams(form).toString();
  const signed = Object.keys(form).toSorted().map((name) => `${name}${form[name] ?? ''}`).join('');
  const signature = createHmac('sha1', TOKEN).update(PUBLIC_URL + target + signed).digest('base64');
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'content-length': Buffer.byteLength(body), 'x-twilio-signature': signature };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(base + target, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ ms: performance.now() - began, status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const actionOf = (document: string): string | undefined => /action="https:\/\/[^/]+([^"]*)"/.exec(document)?.[1]?.replaceAll('&amp;', '&');

/** One caller after the other: the menu, a wrong key, the menu again, 1, nobody answers, the next one talks. A failed step fails the bench. */
async function callers(base: string, until: number, delays: number[], walks: boolean): Promise<void> {
  while (performance.now() < until) {
    const facts = { AccountSid: `AC${'0'.repeat(32)}`, CallSid: `CA${randomBytes(16).toString('hex')}`, From: '+56912345678', To: NUMBER, Direction: 'inbound', ApiVersion: '2010-04-01', CallerCity: '' };
    let target: string | undefined = '/twilio/voice/number';
    for (const more of [{ CallStatus: 'ringing' }, { Digits: '9' }, { Digits: '1' }, { DialCallStatus: 'no-answer', DialCallSid: facts.CallSid }, { DialCallStatus: 'completed', DialCallSid: facts.CallSid }]) {
      if (target === undefined || performance.now() > until) break;
      const answered: Answered = await post(base, target, { ...facts, CallStatus: 'in-progress', ...more });
      if (answered.status !== 200 || !answered.body.includes('<Response>')) throw new Error(`${target} answered ${answered.status}: ${answered.body}`);
      delays.push(answered.ms);
      if (walks) target = actionOf(answered.body);
      await sleep(STEP_MS * (0.5 + Math.random()));
    }
  }
}

/** All callers at once, each at a moment of its own, until then. */
async function load(base: string, seconds: number, delays: number[], walks: boolean): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  await Promise.all(Array.from({ length: CALLS }, async () => {
    await sleep(Math.random() * STEP_MS);
    await callers(base, until, delays, walks);
  }));
}

async function measure(base: string, walks: boolean): Promise<Figures> {
  // Code that has hardly run yet is slow, and says nothing of a service that has answered calls for a minute.
  await load(base, WARM_SECONDS, [], walks);
  const delays: number[] = [];
  await load(base, SECONDS, delays, walks);
  return { 'answers/s': delays.length / SECONDS, 'p50 ms': percentile(delays, 0.5), 'p99 ms': percentile(delays, 0.99), 'max ms': Math.max(...delays) };
}

const folder = mkdtempSync(join(tmpdir(), 'troncal-bench-twiml-'));
const bare = fastify();
bare.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
bare.post('/twilio/voice/*', (_request, reply) => reply.header('content-type', 'text/xml').send(CONSTANT));
const bareUrl = await bare.listen({ port: 0, host: '127.0.0.1' });
const voice = await startVoiceService(folder, async (url) => {
  const { status, body } = await post(url, '/twilio/voice/number', { CallSid: `CA${'0'.repeat(32)}`, From: '+56912345678', To: NUMBER, CallStatus: 'ringing', Try: String(performance.now()) });
  return status === 200 && body.includes('<Gather');
});
try {
  const rows = { 'bare Fastify, a constant': await measure(bareUrl, false), 'provisioning, a menu walked': await measure(voice.url, true) };
  console.log(`${CALLS} calls at once, a signed webhook of each every ${STEP_MS} ms for ${SECONDS} s after ${WARM_SECONDS} s of the same; ${machine()}\n\n${table(rows)}\n`);
  const p99 = rows['provisioning, a menu walked']['p99 ms'] ?? Number.NaN;
  console.log(p99 < TARGET_MS ? `p99 ${p99.toFixed(2)} ms: below ${TARGET_MS} ms` : `p99 ${p99.toFixed(2)} ms: NOT below ${TARGET_MS} ms`);
  if (!(p99 < TARGET_MS)) process.exitCode = 1;
} finally {
  await voice.stop();
  await bare.close();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
