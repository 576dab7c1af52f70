import {
  CredentialRotatedV1, EndpointRemovedV1, EndpointUpdatedV1, NumberAssignedV1, NumberReleasedV1, RouteDeletedV1, RouteUpdatedV1, TenantCreatedV1,
  TenantDeletedV1, TenantSuspendedV1, TenantUpdatedV1,
} from '@troncal/contracts';
import { party, sentence, type Sentence } from './sentence.js';

/** What is declared: tenants and what belongs to them. */
export const TENANT_SENTENCES: readonly Sentence[] = [
  sentence(TenantCreatedV1, {
    en: (d) => `the tenant ${d.name} (${d.country}) exists from now on`,
    es: (d) => `el cliente ${d.name} (${d.country}) existe desde ahora`,
  }),
  sentence(TenantUpdatedV1, {
    en: (d) => `the tenant ${d.name} was changed (revision ${d.revision})${d.suspended ? ', and is still suspended' : ''}`,
    es: (d) => `el cliente ${d.name} fue modificado (revisión ${d.revision})${d.suspended ? ' y sigue suspendido' : ''}`,
  }),
  sentence(TenantSuspendedV1, {
    en: (d) => `the tenant was suspended: ${d.reason}`,
    es: (d) => `el cliente fue suspendido: ${d.reason}`,
  }),
  sentence(TenantDeletedV1, {
    en: (_, event) => `the tenant ${event.tenantid} is gone with all that belonged to it`,
    es: (_, event) => `el cliente ${event.tenantid} ya no existe, ni lo que tenía`,
  }),
  sentence(RouteUpdatedV1, {
    en: (d) => `the route ${d.code} (${d.route.name}) is at revision ${d.revision}`,
    es: (d) => `la ruta ${d.code} (${d.route.name}) está en la revisión ${d.revision}`,
  }),
  sentence(RouteDeletedV1, {
    en: (d) => `the route ${d.code} is gone`,
    es: (d) => `la ruta ${d.code} ya no existe`,
  }),
  sentence(EndpointUpdatedV1, {
    en: (d) => `extension ${d.extension} (${d.displayName}) is declared${d.enabled ? '' : ', but disabled'}${d.queues.length > 0 ? `, in ${d.queues.join(', ')}` : ''}`,
    es: (d) => `el anexo ${d.extension} (${d.displayName}) está declarado${d.enabled ? '' : ', pero deshabilitado'}${d.queues.length > 0 ? `, en ${d.queues.join(', ')}` : ''}`,
  }),
  sentence(CredentialRotatedV1, {
    en: (d) => `extension ${d.extension} has a new password`,
    es: (d) => `el anexo ${d.extension} tiene una clave nueva`,
  }),
  sentence(EndpointRemovedV1, {
    en: (d) => `extension ${d.extension} is gone; its phone can no longer register`,
    es: (d) => `el anexo ${d.extension} ya no existe; su teléfono no puede registrarse`,
  }),
  sentence(NumberAssignedV1, {
    en: (d) => `the number ${party(d.number, '?')} leads to the route ${d.route}`,
    es: (d) => `el número ${party(d.number, '?')} lleva a la ruta ${d.route}`,
  }),
  sentence(NumberReleasedV1, {
    en: (d) => `the number ${party(d.number, '?')} was released`,
    es: (d) => `el número ${party(d.number, '?')} fue liberado`,
  }),
];
