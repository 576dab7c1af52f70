import { chooseDevicesSchema, deviceOutcomesSchema, type DeviceOutcome, type DeviceView } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';
import { isAmiss, manualText, outcomeLine } from './device-text.js';
import { devicesOf, devicesText } from './devices-list.js';

/** In one request, so that each is answered in time. */
const AT_ONCE = 25;

const TENANT = { type: 'string', demandOption: true, describe: 'Its code' } as const;
const MAC = { type: 'string', array: true, requiresArg: true, describe: 'One telephone, by its MAC address; may be repeated (else all)' } as const;

/** Those that are meant. @throws CliError for one that the tenant has not */
function meant(devices: readonly DeviceView[], macs: readonly string[] | undefined): readonly DeviceView[] {
  if (macs === undefined) return devices;
  const wanted = new Set(checked('the telephones', chooseDevicesSchema, { macs: [...macs] }).macs);
  const found = devices.filter(({ mac }) => wanted.has(mac));
  if (found.length < wanted.size) throw usageError(`the tenant declares ${String(found.length)} of these ${String(wanted.size)} telephones`, 'troncal devices list shows them.');
  return found;
}

/** Does it a few at a time, and tells of each as it comes. */
async function change(session: Session, what: 'add' | 'reboot', { environment, tenant, devices }: { readonly environment: string; readonly tenant: string; readonly devices: readonly DeviceView[] }): Promise<ExitCode> {
  const outcomes: DeviceOutcome[] = [];
  for (let at = 0; at < devices.length; at += AT_ONCE) {
    const body = { macs: devices.slice(at, at + AT_ONCE).map(({ mac }) => mac) };
    const view = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'tenants', tenant, 'devices', what), body }, deviceOutcomesSchema);
    outcomes.push(...view.outcomes);
    if (session.output === 'table') for (const outcome of view.outcomes) session.terminal.out(outcomeLine(outcome, session.style));
  }
  show(session, { environment, tenant, outcomes }, () => manualText(outcomes.flatMap(({ manual }) => manual), tenant, session.language));
  return outcomes.some(isAmiss) ? EXIT.failed : EXIT.ok;
}

export const devicesAdd = verb(
  'add <tenant>',
  'Adds a tenant’s Grandstreams to its account at GDMS; what is there already is not added again',
  (yargs) =>
    yargs
      .positional('tenant', TENANT)
      .option('mac', MAC)
      .option('plan', { type: 'boolean', default: false, describe: 'Only show what would be done' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const tenant = args.tenant.toLowerCase();
    const all = await devicesOf(session, environment, tenant);
    const devices = meant(all.devices, args.mac);
    const toAdd = devices.filter(({ next }) => next === 'add');
    if (args.plan || toAdd.length === 0) {
      show(session, { ...all, devices }, () => devicesText({ tenant, devices: [...devices] }, session));
      return EXIT.ok;
    }
    if (session.output === 'table') session.terminal.out(`${environment}: ${String(toAdd.length)} of ${String(devices.length)} telephones are added at GDMS\n`);
    return change(session, 'add', { environment, tenant, devices });
  },
);

export const devicesReboot = verb(
  'reboot <tenant>',
  'Has a tenant’s Grandstreams reboot that GDMS reaches; calls at them may end',
  (yargs) =>
    yargs
      .positional('tenant', TENANT)
      .option('mac', MAC)
      .option('confirm', { type: 'string', requiresArg: true, describe: 'The tenant’s code once more' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const tenant = args.tenant.toLowerCase();
    const devices = meant((await devicesOf(session, environment, tenant)).devices, args.mac);
    const reachable = devices.filter(({ seen }) => seen !== 'absent' && seen !== 'offline' && seen !== 'not-asked').length;
    if (args.confirm?.toLowerCase() !== tenant) throw usageError(`${String(reachable)} of ${String(devices.length)} telephones of ${tenant} would reboot, and calls at them may end`, `Name it once more: --confirm ${tenant}`);
    return change(session, 'reboot', { environment, tenant, devices });
  },
);
