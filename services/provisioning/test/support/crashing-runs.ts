import type { DeclaredTenantView, PlanView, SipUserView, TenantDeclarationInput } from '@troncal/contracts';
import { describe, beforeAll, afterAll, expect, it } from 'vitest';
import { MortalProvisioning } from './mortal-provisioning.js';

/** Chosen so that no two kills of a run concern the same tenant. */
let tenants = 0;
const nextCode = (): string => `tenant_${(tenants += 1)}`;

const routes = { main: { name: 'Main', start: 'bye', nodes: { bye: { kind: 'hangup' } } } } as const;
function declared(tenant: string, roles: readonly string[] = ['office', 'security'], numbers: TenantDeclarationInput['numbers'] = [{ have: 'buy', type: 'local', contains: '+1503*' }]): TenantDeclarationInput {
  return { tenant, name: tenant, country: 'US', timeZone: 'America/Los_Angeles', numbers, endpoints: roles.map((role, index) => ({ extension: String(201 + index), role })), routes };
}

/** Between every two requests of a run, and at what it writes down before and after them. */
export const POINTS = {
  create: ['run.taken', 'run.numbers-chosen', 'run.users-settled', 'run.planned', ...passes('run.step-made', 6), ...passes('run.step-told', 6), 'run.ended'],
  change: ['run.planned', 'run.step-made', 'run.step-told', 'run.step-made:2', 'run.ended'],
  rotate: ['run.taken', 'rotation.given', 'rotation.in-force', 'run.ended'],
  promote: ['run.taken', 'run.planned', 'run.ended'],
  delete: ['run.taken', 'run.planned', ...passes('run.step-made', 3), ...passes('run.step-told', 3), 'run.ended'],
  own: ['run.planned', 'subaccount.asked', 'subaccount.made', ...passes('run.step-made', 8), ...passes('run.step-told', 8), 'run.ended'],
  close: ['run.taken', 'run.planned', 'subaccount.closed', 'run.ended'],
} as const;
type Kind = keyof typeof POINTS;

function passes(label: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${label}:${index + 1}`);
}

/** Specs that kill provisioning at these points of each kind of run: it converges, and nothing is there twice, left over or bought again. */
export function killsAt(points: Readonly<Record<Kind, readonly string[]>>): void {
  describe('provisioning killed', { timeout: 300_000 }, () => {
    let at: MortalProvisioning;
    const apply = (declaration: TenantDeclarationInput, environment = 'prod'): Promise<unknown> => at.api.expect('POST', `/api/environments/${environment}/apply`, { declarations: [declaration] });
    const shown = (code: string, environment = 'prod'): Promise<DeclaredTenantView> => at.api.expect<DeclaredTenantView>('GET', `/api/environments/${environment}/tenants/${code}`);
    const made = async (declaration: TenantDeclarationInput, environment = 'prod'): Promise<void> => {
      await apply(declaration, environment);
      await at.idle();
    };

    beforeAll(async () => {
      at = await MortalProvisioning.open({ stock: Array.from({ length: 200 }, (_, index) => ({ phoneNumber: `+1503556${String(1_000 + index)}`, country: 'US', type: 'Local' as const })), limits: { listsPerAccount: 1_000 } });
    });
    afterAll(() => at.stop());

    it.each(points.create)('while it makes a tenant, at %s', async (point) => {
      const code = nextCode();
      await at.dieAt(point, () => apply(declared(code)));
      await at.start();
      await at.idle();
      expect(await left(code, ['office', 'security'])).toEqual([]);
    });

    it.each(points.change)('while it changes a tenant, at %s', async (point) => {
      const code = nextCode();
      await at.start();
      await made(declared(code));
      await at.dieAt(point, () => apply(declared(code, ['office', 'gate'])));
      await at.start();
      await at.idle();
      expect(await left(code, ['office', 'gate'])).toEqual([]);
    });

    it.each(points.rotate)('while it rotates a password, at %s', async (point) => {
      const code = nextCode();
      await at.start();
      await made(declared(code));
      const users = `/api/environments/prod/tenants/${code}/users/201`;
      let told: string | undefined;
      await at.dieAt(point, async () => void (told = (await at.api.expect<SipUserView>('POST', `${users}/rotate`, {})).password));
      await at.start();
      await at.idle();
      const { password } = await at.api.expect<SipUserView>('POST', `${users}/reveal`);
      // A run that is taken at once may die before its asker is answered.
      expect(told ?? password).toBe(password);
      expect(passwordAtTwilio(`${code}-office`)).toBe(password);
      expect(await left(code, ['office', 'security'])).toEqual([]);
    });

    it.each(points.promote)('while it promotes a tenant, at %s', async (point) => {
      const code = nextCode();
      await at.start();
      await made(declared(code));
      await made({ ...declared(code), routes: { main: { ...routes.main, name: 'New' } } }, 'dev');
      const before = (await shown(code)).users;
      await at.dieAt(point, () => at.api.expect('POST', '/api/environments/dev/promote', { to: 'prod', tenant: code, apply: true }));
      await at.start();
      await at.idle();
      const after = await shown(code);
      expect(after.declaration.routes['main']?.name).toBe('New');
      expect(after.users).toEqual(before);
      expect(await left(code, ['office', 'security'])).toEqual([]);
    });

    it.each(points.delete)('while it deletes a tenant, at %s', async (point) => {
      const code = nextCode();
      await at.start();
      await made(declared(code));
      const [number] = (await shown(code)).numbers;
      await at.dieAt(point, () => at.api.expect('DELETE', `/api/environments/prod/tenants/${code}`));
      await at.start();
      await at.idle();
      expect((await at.api.send('GET', `/api/environments/prod/tenants/${code}`)).status).toBe(404);
      expect((await at.api.send('GET', `/api/tenants/${code}`)).status).toBe(404);
      expect(listOf(code)).toBeUndefined();
      expect(at.twilio.world.main.numbers.having('phone_number', number?.e164 ?? '')).toBeDefined();
    });

    it.each(points.own)('while it makes a tenant in a subaccount, at %s', async (point) => {
      const code = nextCode();
      const wanted: TenantDeclarationInput = { ...declared(code), placement: 'subaccount', outbound: { countries: ['CL'] } };
      await at.dieAt(point, () => apply(wanted));
      await at.start();
      await at.idle();
      const account = ownOf(code);
      const [domain, list] = [account?.domains.all(), account?.lists.all()];
      expect([domain?.length, list?.length, account?.numbers.size]).toEqual([1, 1, 1]);
      expect(account?.mappingsOf(domain?.[0]?.sid ?? '')).toMatchObject({ calls: { size: 1 }, registrations: { size: 1 } });
      const { users } = await shown(code);
      expect(users.map(({ state }) => state)).toEqual(['provisioned', 'provisioned']);
      for (const { extension, username } of users) {
        const { password } = await at.api.expect<SipUserView>('POST', `/api/environments/prod/tenants/${code}/users/${extension}/reveal`);
        expect(account?.credentialsOf(list?.[0]?.sid ?? '').having('username', username)?.attributes['password']).toBe(password);
      }
      expect((await at.api.expect<PlanView>('POST', '/api/environments/prod/plan', { declarations: [wanted] })).steps).toEqual([]);
      expect(bought()).toBe(numbersAtTwilio().length);
    });

    it.each(points.close)('while it closes a subaccount, at %s', async (point) => {
      const code = nextCode();
      await at.start();
      await made({ ...declared(code, ['office'], []), placement: 'subaccount' });
      const account = ownOf(code);
      await at.api.expect('DELETE', `/api/environments/prod/tenants/${code}`);
      await at.idle();
      await at.dieAt(point, () => at.api.expect('POST', `/api/environments/prod/subaccounts/${code}/close`, { confirm: `prod-${code}` }));
      await at.start();
      await at.idle();
      expect(account?.status).toBe('closed');
      const { subaccounts } = await at.api.expect<{ subaccounts: { tenant: string }[] }>('GET', '/api/environments/prod/subaccounts');
      expect(subaccounts.map(({ tenant }) => tenant)).not.toContain(code);
    });

    /** The one account of that name. */
    const ownOf = (code: string) => {
      const all = at.twilio.world.all().filter(({ identity }) => identity.friendlyName === `prod-${code}`);
      expect(all).toHaveLength(1);
      return all[0];
    };
    const numbersAtTwilio = () => at.twilio.world.all().flatMap(({ numbers }) => numbers.all());
    const bought = (): number => at.twilio.requests().filter(({ method, place, status }) => method === 'POST' && place.endsWith('IncomingPhoneNumbers.json') && status === 201).length;
    const listOf = (code: string) => at.twilio.world.main.lists.having('friendly_name', `prod_${code.toUpperCase()}`);
    const usersOf = (code: string) => at.twilio.world.main.credentialsOf(listOf(code)?.sid ?? '').all();
    const passwordAtTwilio = (username: string): unknown => at.twilio.world.main.lists.all().flatMap(({ sid }) => at.twilio.world.main.credentialsOf(sid).all()).find(({ attributes }) => attributes['username'] === username)?.attributes['password'];

    /** Expects one list with these users, with the passwords that we know, mapped in both ways, and one number, bought once. @returns what is left to do */
    async function left(code: string, roles: readonly string[]): Promise<PlanView['steps']> {
      const { users, numbers, declaration } = await shown(code);
      expect(users.map(({ role, state }) => [role, state])).toEqual(roles.map((role) => [role, 'provisioned']));
      expect(numbers.map(({ state }) => state)).toEqual(['provisioned']);
      expect(at.twilio.world.main.lists.all().filter(({ attributes }) => attributes['friendly_name'] === `prod_${code.toUpperCase()}`)).toHaveLength(1);
      expect(new Set(usersOf(code).map(({ attributes }) => attributes['username']))).toEqual(new Set(users.map(({ username }) => username)));
      for (const { extension, username } of users) expect(passwordAtTwilio(username)).toBe((await at.api.expect<SipUserView>('POST', `/api/environments/prod/tenants/${code}/users/${extension}/reveal`)).password);
      const mapped = at.twilio.world.main.domains.all().map(({ sid }) => at.twilio.world.main.mappingsOf(sid)).map(({ calls, registrations }) => [calls, registrations].map((rows) => rows.get(listOf(code)?.sid ?? '') !== undefined));
      expect(mapped).toContainEqual([true, true]);
      expect(bought()).toBe(numbersAtTwilio().length);
      const known = await at.api.expect<{ numbers: { e164: string }[] }>('GET', '/api/environments/prod/numbers');
      const inDev = await at.api.expect<{ numbers: { e164: string }[] }>('GET', '/api/environments/dev/numbers');
      expect(new Set([...known.numbers, ...inDev.numbers].map(({ e164 }) => e164))).toEqual(new Set(numbersAtTwilio().map(({ attributes }) => attributes['phone_number'])));
      return (await at.api.expect<PlanView>('POST', '/api/environments/prod/plan', { declarations: [declaration] })).steps;
    }
  });
}
