import { fileURLToPath } from 'node:url';
import type { LightPlan } from './light-process.js';
import type { GatewayName } from './ports.js';
import { basic, gatewayEnv, serviceEnv, serviceUrl, type HostedName, type ServicePlan } from './service-plan.js';
import type { ProcessSpec } from './supervised-process.js';

/** Longer than the services' own grace for calls and messages in flight. */
const STOP_WITHIN_MS = 12_000;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Node with our own preload, which ends the child when the launcher is dead. */
function node(script: string): string[] {
  return [process.execPath, '--enable-source-maps', '--import', here('./follow-launcher.js'), script];
}

/** Where Node keeps what it has compiled; `follow-launcher` has it written while the process lives, since a killed one writes nothing. */
const compiled = ({ code }: ServicePlan): Record<string, string> => ({ NODE_COMPILE_CACHE: code.compiledDir });

/** A service in a process of its own. */
export function ownProcess(name: HostedName, plan: ServicePlan, cwd: string): ProcessSpec {
  // A frozen gateway is noticed by Asterisk's dialplan; nobody else notices that a caller's agent is frozen.
  const watched = name === 'realtime-voice' ? { liveUrl: `${serviceUrl(name, plan.ports)}/health/live` } : {};
  return { name, command: node(plan.code.main(name)), env: { ...serviceEnv(name, plan), ...compiled(plan) }, cwd, stopSignal: 'SIGTERM', stopWithinMs: STOP_WITHIN_MS, ipc: {}, ...watched };
}

/** One of the gateways. */
export function gatewayProcess(name: GatewayName, plan: ServicePlan, cwd: string): ProcessSpec {
  return { ...ownProcess('ari-gateway', plan, cwd), name, env: { ...gatewayEnv(name, plan), ...compiled(plan) } };
}

/** The process that hosts the light services; their environments travel over IPC, since one process has only one of its own. */
export function lightProcess(light: LightPlan, plan: ServicePlan, cwd: string): ProcessSpec {
  return { name: 'light', command: node(here('./light-process.js')), env: { ...basic(plan.baseEnv), ...compiled(plan) }, cwd, stopSignal: 'SIGTERM', stopWithinMs: STOP_WITHIN_MS, ipc: { firstMessage: light } };
}

/** The simulator of OpenAI Realtime, in place of the real service when there is no key. */
export function simulatorProcess(plan: ServicePlan, cwd: string): ProcessSpec {
  const env = {
    ...basic(plan.baseEnv),
    OPENAI_SIMULATOR_HOST: '127.0.0.1',
    OPENAI_SIMULATOR_PORT: String(plan.ports.simulator),
    ...(plan.espeak ? { ESPEAK_COMMAND: JSON.stringify(plan.espeak.command) } : {}),
  };
  return { name: 'openai-simulator', command: node(plan.code.main('simulator-openai-realtime')), env, cwd, stopSignal: 'SIGTERM', stopWithinMs: 3_000, ipc: {} };
}

/** The simulator of Twilio, in its place when there is no key. */
export function twilioSimulatorProcess({ ports, twilio, code, baseEnv, espeak }: ServicePlan, cwd: string): ProcessSpec {
  const env = {
    ...basic(baseEnv),
    TWILIO_SIMULATOR_HOST: '127.0.0.1',
    TWILIO_SIMULATOR_PORT: String(ports.twilio),
    TWILIO_SIMULATOR_SIP_PORT: String(ports['twilio-sip']),
    TWILIO_SIMULATOR_TRUNK_PORT: String(ports['twilio-trunk']),
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    ...(espeak ? { ESPEAK_COMMAND: JSON.stringify(espeak.command) } : {}),
  };
  return { name: 'twilio-simulator', command: node(code.main('simulator-twilio')), env, cwd, stopSignal: 'SIGTERM', stopWithinMs: 3_000, ipc: {} };
}

/** The simulator of GDMS, in its place when there are no keys. */
export function gdmsSimulatorProcess({ ports, gdms: { account }, code, baseEnv }: ServicePlan, cwd: string): ProcessSpec {
  const env = {
    ...basic(baseEnv),
    GDMS_SIMULATOR_HOST: '127.0.0.1',
    GDMS_SIMULATOR_PORT: String(ports.gdms),
    GDMS_API_ID: account.apiId,
    GDMS_SECRET_KEY: account.secretKey,
    GDMS_USERNAME: account.username,
    GDMS_PASSWORD: account.password,
  };
  return { name: 'gdms-simulator', command: node(code.main('simulator-gdms')), env, cwd, stopSignal: 'SIGTERM', stopWithinMs: 3_000, ipc: {} };
}
