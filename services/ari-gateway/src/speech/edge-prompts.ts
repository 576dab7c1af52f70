import type { Language } from '@troncal/contracts';

/**
 * What the dialplan says by itself, by the names it plays: `SOUNDS_DIR/<language>/<name>.wav` (asterisk/etc/extensions.conf). They must be there before
 * they are needed: when the dialplan speaks, the gateway is away.
 */
export const EDGE_PROMPTS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  fallback: {
    es: 'Gracias por llamar. Estamos con una dificultad técnica. Le comunicaremos con una persona; por favor, no cuelgue.',
    en: 'Thank you for calling. We are having a technical difficulty. We will connect you with a person; please hold.',
  },
  sorry: {
    es: 'Lo sentimos, no podemos atenderle en este momento. Por favor, llame más tarde.',
    en: 'We are sorry, we cannot take your call right now. Please call again later.',
  },
  'status-edge': { es: 'La central telefónica funciona.', en: 'The telephone exchange is working.' },
  'status-gateway-alive': { es: 'El servicio de llamadas funciona.', en: 'The call service is working.' },
  'status-gateway-away': { es: 'El servicio de llamadas no responde.', en: 'The call service is not answering.' },
  'status-gateway-silent': { es: 'El servicio de llamadas no ha dado señales.', en: 'The call service has not been heard of.' },
};
