import {
  BundleReviewedV1, CredentialRevealedV1, DriftDetectedV1, DriftRepairedV1, EdgeTrunksChangedV1, EndpointProvisionedV1, EnvironmentPromotedV1, PortInChangedV1, ProvisioningCompletedV1, ProvisioningPlannedV1, ProvisioningStepDoneV1, ProvisioningStepFailedV1,
  RailErrorReportedV1, UsageTriggerFiredV1,
} from '@troncal/contracts';
import { masked, sentence, shortId, type Sentence } from './sentence.js';

const OUTCOME = { whole: 'entera', partial: 'a medias', failed: 'sin resultado' } as const;

/** What is done to accounts at Twilio. */
export const PROVISIONING_SENTENCES: readonly Sentence[] = [
  sentence(EdgeTrunksChangedV1, {
    en: (d) => (d.credentialRevision === null ? `${d.environment} sends our Asterisk no calls from Twilio any more` : `${d.environment} has another password for its calls from Twilio to our Asterisk (revision ${d.credentialRevision})`),
    es: (d) => (d.credentialRevision === null ? `${d.environment} ya no envía a nuestro Asterisk llamadas desde Twilio` : `${d.environment} tiene otra contraseña para sus llamadas de Twilio a nuestro Asterisk (revisión ${d.credentialRevision})`),
  }),
  sentence(ProvisioningPlannedV1, {
    en: (d) => `${d.environment}: ${d.kind} of ${d.tenants.length} tenants takes ${d.steps} changes`,
    es: (d) => `${d.environment}: ${d.kind} de ${d.tenants.length} clientes requiere ${d.steps} cambios`,
  }),
  sentence(ProvisioningStepDoneV1, {
    en: (d) => `${d.environment}: ${masked(d.says)}: done`,
    es: (d) => `${d.environment}: ${masked(d.says)}: hecho`,
  }),
  sentence(ProvisioningStepFailedV1, {
    en: (d) => `${d.environment}: ${masked(d.says)}: refused: ${masked(d.detail)}`,
    es: (d) => `${d.environment}: ${masked(d.says)}: rechazado: ${masked(d.detail)}`,
  }),
  sentence(ProvisioningCompletedV1, {
    en: (d) => `${d.environment}: the ${d.kind} is ${d.outcome} after ${(d.tookMs / 1_000).toFixed(1)} s: ${d.done} changes done, ${d.failed + d.skipped} left, ${d.waiting} waited for`,
    es: (d) => `${d.environment}: la tarea ${d.kind} quedó ${OUTCOME[d.outcome]} tras ${(d.tookMs / 1_000).toFixed(1)} s: ${d.done} cambios hechos, ${d.failed + d.skipped} pendientes, ${d.waiting} en espera`,
  }),
  sentence(EndpointProvisionedV1, {
    en: (d) => `extension ${d.extension} may register at ${d.domain} as ${masked(d.username)}`,
    es: (d) => `el anexo ${d.extension} puede registrarse en ${d.domain} como ${masked(d.username)}`,
  }),
  sentence(DriftDetectedV1, {
    en: (d) => `${d.environment} differs from what is declared in ${d.differences.length + d.more} things`,
    es: (d) => `${d.environment} difiere de lo declarado en ${d.differences.length + d.more} cosas`,
  }),
  sentence(DriftRepairedV1, {
    en: (d) => `${d.environment} is as declared again (${d.keys.length} things)`,
    es: (d) => `${d.environment} vuelve a estar como se declaró (${d.keys.length} cosas)`,
  }),
  sentence(BundleReviewedV1, {
    en: (d) => `${d.environment}: the bundle that ${masked(d.number)} waits for was ${d.outcome}${d.reason === undefined ? '' : ` (${masked(d.reason)})`}. ${d.who}`,
    es: (d) => `${d.environment}: el expediente que espera ${masked(d.number)} fue ${d.outcome === 'approved' ? 'aprobado' : 'rechazado'}${d.reason === undefined ? '' : ` (${masked(d.reason)})`}. ${d.who}`,
  }),
  sentence(PortInChangedV1, {
    en: (d) => `${d.environment}: the port of ${masked(d.number)} is "${d.status}"${d.targetDate === undefined ? '' : `, meant for ${d.targetDate}`}${d.reason === undefined ? '' : ` (${masked(d.reason)})`}. ${d.who}`,
    es: (d) => `${d.environment}: la portabilidad de ${masked(d.number)} está "${d.status}"${d.targetDate === undefined ? '' : `, prevista para el ${d.targetDate}`}${d.reason === undefined ? '' : ` (${masked(d.reason)})`}. ${d.who}`,
  }),
  sentence(UsageTriggerFiredV1, {
    en: (d) => `MONEY: ${d.environment}: ${d.trigger}: the account has used ${d.value} (${d.by} of ${d.category}, ${d.recurring}), which is over ${d.limit}`,
    es: (d) => `DINERO: ${d.environment}: ${d.trigger}: la cuenta lleva ${d.value} (${d.by} de ${d.category}, ${d.recurring}), sobre ${d.limit}`,
  }),
  sentence(EnvironmentPromotedV1, {
    en: (d, event) => `the routes of ${event.tenantid} went from ${d.from} to ${d.to}`,
    es: (d, event) => `las rutas de ${event.tenantid} pasaron de ${d.from} a ${d.to}`,
  }),
  sentence(CredentialRevealedV1, {
    en: (d) => `${d.by} was shown the password of ${masked(d.username)} (${d.environment})`,
    es: (d) => `${d.by} vio la clave de ${masked(d.username)} (${d.environment})`,
  }),
  sentence(RailErrorReportedV1, {
    en: (d) => `Twilio tells of ${d.level} ${d.code} in ${d.environment}${d.callId === undefined ? '' : `, call ${shortId(d.callId)}`}: ${masked(d.message)}`,
    es: (d) => `Twilio informa de ${d.level === 'error' ? 'un error' : 'una advertencia'} ${d.code} en ${d.environment}${d.callId === undefined ? '' : `, llamada ${shortId(d.callId)}`}: ${masked(d.message)}`,
  }),
];
