import {
  CredentialRotatedV1, EmergencyUnreachableV1, EndpointRemovedV1, EndpointUpdatedV1, KpiMissedV1, NumberAssignedV1, NumberReleasedV1, ReportReadyV1, RouteDeletedV1, RouteUpdatedV1, SpendCapReachedV1,
  TenantCreatedV1, TenantDeletedV1, TenantSuspendedV1, TenantUpdatedV1, WebhookDisabledV1,
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
  sentence(KpiMissedV1, {
    en: (d) => `${d.kpi} was ${d.value} on ${d.day}, and has to be ${d.target}: ${d.detail}`,
    es: (d) => `${d.kpi} fue ${d.value} el ${d.day} y debe ser ${d.target}: ${d.detail}`,
  }),
  sentence(ReportReadyV1, {
    en: (d) => `the week from ${d.from} to ${d.to} is reckoned up: ${d.calls} calls, ${d.answered} answered, ${d.failed} failed, ${d.minutes} minutes`,
    es: (d) => `la semana del ${d.from} al ${d.to} está resumida: ${d.calls} llamadas, ${d.answered} contestadas, ${d.failed} fallidas, ${d.minutes} minutos`,
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
  sentence(SpendCapReachedV1, {
    en: (d) => `calls of ${d.environment} are refused: the cap of ${CAPS[d.cap].en} (${capText(d)}) is reached`,
    es: (d) => `se rechazan llamadas de ${d.environment}: se alcanzó el tope de ${CAPS[d.cap].es} (${capText(d)})`,
  }),
  sentence(EmergencyUnreachableV1, {
    en: (d) => `EMERGENCY: ${d.extension === undefined ? 'somebody' : `extension ${d.extension}`} dialled ${d.number}, which can't be reached from ${d.country}; call back now`,
    es: (d) => `EMERGENCIA: ${d.extension === undefined ? 'alguien' : `el anexo ${d.extension}`} marcó ${d.number}, que no se alcanza desde ${d.country}; llame ahora`,
  }),
  sentence(WebhookDisabledV1, {
    en: (d) => `the webhook ${d.webhook} to ${d.host} was switched off: ${d.reason}`,
    es: (d) => `el webhook ${d.webhook} hacia ${d.host} fue desactivado: ${d.reason}`,
  }),
];

const CAPS = {
  day_spend: { en: 'a day’s spending', es: 'gasto diario' },
  month_spend: { en: 'a month’s spending', es: 'gasto mensual' },
  day_minutes: { en: 'minutes a day', es: 'minutos diarios' },
  calls_per_minute: { en: 'calls a minute', es: 'llamadas por minuto' },
  concurrent_calls: { en: 'calls at the same time', es: 'llamadas simultáneas' },
} as const;

function capText({ limit, currency }: { readonly limit: number; readonly currency?: string | undefined }): string {
  return currency === undefined ? String(limit) : `${(limit / 1_000_000).toFixed(2)} ${currency}`;
}
