import type { DenialReason } from './decision.js';

/** What a caller hears, as a prompt of a route is written. */
export interface Spoken {
  readonly say: { readonly es: string; readonly en: string };
}

/** Why a leg isn't dialled, as the caller needs to know it; `emergency_unreachable` is an allowed call without a way out. */
const SPOKEN: Readonly<Record<DenialReason | 'emergency_unreachable', readonly [es: string, en: string]>> = {
  unknown_tenant: ['Esta línea no está habilitada para llamar.', 'This line is not set up to place calls.'],
  tenant_suspended: ['Esta línea está suspendida y no puede llamar.', 'This line is suspended and cannot place calls.'],
  endpoint_disabled: ['Ese anexo está deshabilitado.', 'That extension is disabled.'],
  no_such_endpoint: ['Ese anexo no existe.', 'That extension does not exist.'],
  invalid_number: ['El número marcado no es válido. Revíselo y vuelva a llamar.', 'The number you dialled is not valid. Please check it and try again.'],
  number_type_denied: ['Desde esta línea no se puede llamar a ese servicio especial.', 'That special service cannot be called from this line.'],
  premium_denied: ['Desde esta línea no se puede llamar a números de tarifa especial.', 'Premium rate numbers cannot be called from this line.'],
  shared_cost_denied: ['Desde esta línea no se puede llamar a números de costo compartido.', 'Shared cost numbers cannot be called from this line.'],
  personal_number_denied: ['Desde esta línea no se puede llamar a ese número, porque tiene tarifa especial.', 'That number cannot be called from this line, because it is charged at a premium rate.'],
  satellite_denied: ['Desde esta línea no se puede llamar a teléfonos satelitales.', 'Satellite telephones cannot be called from this line.'],
  international_network_denied: ['Desde esta línea no se puede llamar a redes internacionales.', 'International networks cannot be called from this line.'],
  toll_free_denied: ['Desde esta línea no se puede llamar a números gratuitos.', 'Toll free numbers cannot be called from this line.'],
  prefix_denied: ['Desde esta línea no se puede llamar a ese número.', 'That number cannot be called from this line.'],
  no_trunk: ['Esta línea no tiene salida a números externos.', 'This line has no way out to other numbers.'],
  country_not_allowed: ['Desde esta línea no se puede llamar a ese país.', 'That country cannot be called from this line.'],
  lookalike_country: ['Ese número es de otro país, al que no se puede llamar desde esta línea.', 'That number belongs to another country, which cannot be called from this line.'],
  caller_id_not_owned: ['Esta línea no puede mostrar el número configurado. Avise a su administrador.', 'This line may not show the number it is set up with. Please tell your administrator.'],
  no_caller_id: ['Esta línea no tiene un número para llamar. Avise a su administrador.', 'This line has no number to call from. Please tell your administrator.'],
  budget_unknown: ['En este momento no se puede llamar a números externos. Inténtelo más tarde.', 'Other numbers cannot be called right now. Please try again later.'],
  no_rate: ['En este momento no se puede llamar a ese número. Avise a su administrador.', 'That number cannot be called right now. Please tell your administrator.'],
  spend_cap: ['Se alcanzó el límite de gasto de esta línea. Avise a su administrador.', 'The spending limit of this line has been reached. Please tell your administrator.'],
  minutes_cap: ['Se alcanzó el límite de minutos de hoy. Avise a su administrador.', 'The minutes of today are used up. Please tell your administrator.'],
  burst_cap: ['Hay demasiadas llamadas seguidas. Espere un minuto y vuelva a llamar.', 'Too many calls were placed just now. Please wait a minute and try again.'],
  concurrency_cap: ['Todas las líneas están ocupadas. Inténtelo en un momento.', 'All lines are in use. Please try again in a moment.'],
  emergency_unreachable: [
    'Esta línea no puede llamar a emergencias. Use un teléfono móvil u otra línea ahora.',
    'This line cannot reach emergency services. Use a mobile phone or another line now.',
  ],
};

/** What the caller hears when a leg isn't dialled: why, and what can be done; in Spanish and English. */
export function spokenFor(reason: DenialReason | 'emergency_unreachable'): Spoken {
  const [es, en] = SPOKEN[reason];
  return { say: { es, en } };
}
