/** The environment that the bench works in. */
export const ENVIRONMENT = 'prod';
export const DOMAIN = 'bench-of-tenants.sip.twilio.com';
export const PUBLIC_URL = 'https://voice.example.com';

export const numberOf = (index: number): string => `+5623${String(1_000_000 + index)}`;

/** A community with an office and a gate, the number of its choice, and a menu: as the examples have them. */
export const communityOf = (index: number, placement: 'dedicated' | 'pooled', extra: readonly { readonly extension: string; readonly role: string }[] = []) => ({
  tenant: `c${String(index).padStart(4, '0')}`, name: `Community ${index}`, country: 'CL', language: 'es', timeZone: 'America/Santiago', placement,
  numbers: [{ have: 'buy', e164: numberOf(index), route: 'main' }],
  endpoints: [{ extension: '201', role: 'office' }, { extension: '202', role: 'security' }, ...extra],
  routes: {
    main: {
      name: 'Main', language: 'es', start: 'menu',
      nodes: {
        menu: { kind: 'menu', prompt: { say: { es: 'Para oficina presione 1, para conserjería 2.' } }, digits: { '1': 'office', '2': 'security' }, onTimeout: 'bye' },
        office: { kind: 'ring', extensions: ['201'], onNoAnswer: 'security' },
        security: { kind: 'ring', extensions: ['202'], onNoAnswer: 'bye' },
        bye: { kind: 'hangup', prompt: { say: { es: 'Adiós.' } } },
      },
    },
  },
  emergency: { acknowledged: true },
});
