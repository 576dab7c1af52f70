/** What the bench declares, and what its webhooks are signed by. */
export const PUBLIC_URL = 'https://voice.example.com';
export const TOKEN = '0123456789abcdef0123456789abcdef';
export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const NUMBER = '+12025550123';
export const DOMAIN = 'bench-of-twiml.sip.twilio.com';

/** A menu, and two phones behind it, the second for when nobody answers the first. */
export const TENANT = {
  tenant: 'bench', name: 'Bench', country: 'US', language: 'es', timeZone: 'America/New_York',
  numbers: [{ have: 'buy', e164: NUMBER, route: 'main' }],
  endpoints: [{ extension: '101', role: 'office' }, { extension: '102', role: 'security' }],
  routes: {
    main: {
      name: 'Main', language: 'es', start: 'menu',
      nodes: {
        menu: { kind: 'menu', prompt: { say: { es: 'Bienvenido. Para administración marque 1, para seguridad marque 2.' } }, digits: { '1': 'office', '2': 'security' }, onTimeout: 'bye' },
        office: { kind: 'ring', extensions: ['101'], onNoAnswer: 'security' },
        security: { kind: 'ring', extensions: ['102'], onNoAnswer: 'bye' },
        bye: { kind: 'hangup', prompt: { say: { es: 'Gracias por llamar.' } } },
      },
    },
  },
};
