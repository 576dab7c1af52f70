import path from 'node:path';
import type { StackState } from '@troncal/contracts';
import type { ProgramParts } from './program-parts.js';
import type { Terminal } from './terminal.js';

export interface BannerFacts {
  readonly state: StackState;
  readonly programs: ProgramParts;
  readonly notReady: readonly string[];
}

/** What a person who just typed `npm start` needs to know; never a key. The SIP password is the demo's own, for the softphone. */
export function printBanner(terminal: Terminal, facts: BannerFacts): void {
  terminal.plain(`\n${bannerText(facts)}\n`);
}

export function bannerText({ state, programs, notReady }: BannerFacts): string {
  const rows: [string, string][] = [];
  const add = (title: string, ...lines: string[]): void => lines.forEach((line, index) => rows.push([index === 0 ? title : '', line]));

  add('API', `${state.http.url}   key in ${shown(state.http.apiKeyFile)}`, `curl -H "Authorization: Bearer $(cat ${shown(state.http.apiKeyFile)})" ${state.http.url}/api/tenants`);
  if (state.sip) {
    add('Telephones', `Asterisk ${state.asterisk?.version ?? ''}: SIP ${state.sip.bind}:${state.sip.port} (UDP and TCP)${onThisMachineOnly(state.sip.bind)}`);
    for (const edge of state.edges.slice(1)) add('', `${edge.edgeId}: SIP ${edge.sip.host}:${edge.sip.port}`);
    const yours = state.demo?.accounts['203'];
    if (yours) {
      add('Your softphone', `user ${yours.sipUser}`, `password ${yours.password}`, `domain ${state.sip.host}:${state.sip.port}`);
      add('Dial', '100  the voice agent (0 for a person) · 200  people · *43  echo · *99  status');
    }
  } else {
    add('Telephones', programs.edgeLeftOut === 'choice' ? 'none: Asterisk was left out' : 'none: Asterisk could not be had, see above');
  }
  add('Voice agent', state.openAi.simulated ? 'OpenAI Realtime SIMULATED: no OPENAI_API_KEY, so a simulator answers' : `OpenAI Realtime at ${new URL(state.openAi.url).host}`);
  if (state.twilio) add('Twilio', state.twilio.simulated ? 'SIMULATED: no TWILIO_ACCOUNT_SID, so a simulator answers' : `account ${state.twilio.accountSid}, which reaches this Troncal at ${state.twilio.publicUrl}`, 'npm run troncal -- tenants apply -f examples/communities.yaml');
  if (state.gdms) add('GDMS', state.gdms.simulated ? 'SIMULATED: no GDMS_API_ID, so a simulator answers' : 'Grandstream’s own', 'npm run troncal -- devices list oficina_principal');
  add('Bus', `NATS ${programs.nats.version} with JetStream, ${state.nats.url}`);
  add('Database', `PostgreSQL ${programs.postgres.version}, 127.0.0.1:${state.postgres.port}`);
  add('Speech', programs.espeak ? `espeak-ng ${programs.espeak.version}` : 'none: espeak-ng is missing; prompts of routes are not said, agents speak in tones');
  add('Logs', `${shown(state.directories.logs)}, one file per program`);
  add('Recordings', shown(path.join(state.directories.state, 'recordings')));
  add('Next', 'npm run call     a whole call with two headless phones', 'npm run events   what happens, as it happens');
  add('Stop', 'Ctrl-C (data are kept; npm run reset forgets them)');

  const width = Math.max(...rows.map(([title]) => title.length));
  const head = notReady.length === 0 ? '  Troncal is ready.' : `  Troncal runs, but NOT READY: ${notReady.join(', ')}.`;
  return [head, '', ...rows.map(([title, line]) => `  ${title.padEnd(width)}  ${line}`.trimEnd())].join('\n');
}

function onThisMachineOnly(bind: string): string {
  return /^(127\.|::1$)/.test(bind) ? '; other machines: npm start -- --sip-bind 0.0.0.0' : '';
}

/** Relative to where the person stands, when that is shorter. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}
