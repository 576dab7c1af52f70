import { AgentInterruptedV1, ConversationEndedV1, ConversationStartedV1, EngineChangedV1, HandoffRequestedV1, ToolCalledV1, ToolCompletedV1, TurnCompletedV1 } from '@troncal/contracts';
import { duration } from '../output/durations.js';
import { shortened } from '../output/printable.js';
import { sentence, shortId, type Sentence } from './sentence.js';
import { words } from './words.js';

const en = (call: string): string => `call ${shortId(call)}`;
const es = (call: string): string => `llamada ${shortId(call)}`;
const said = (text: string): string => `“${shortened(text, 160)}”`;

const CHANGES = {
  en: { rolled_over: 'the agent’s session grew old and another one took over', reconnected: 'the voice provider was lost and is connected again', gave_up: 'the voice provider is given up; fixed sentences take over' },
  es: { rolled_over: 'la sesión del agente envejeció y otra tomó su lugar', reconnected: 'se perdió el proveedor de voz y está conectado de nuevo', gave_up: 'se abandona el proveedor de voz; siguen frases fijas' },
} as const;

/** What an AI agent and a caller say and do. */
export const VOICE_SENTENCES: readonly Sentence[] = [
  sentence(ConversationStartedV1, {
    en: (d) => `${en(d.callId)}: the agent ${d.agent.code} ${d.resumed ? 'took the conversation up again' : 'is on the line'} (${d.engine}${d.simulated ? ', SIMULATED' : ''})`,
    es: (d) => `${es(d.callId)}: el agente ${d.agent.code} ${d.resumed ? 'retomó la conversación' : 'está en línea'} (${d.engine}${d.simulated ? ', SIMULADO' : ''})`,
  }),
  sentence(TurnCompletedV1, {
    en: (d) => `${en(d.callId)}: the ${d.role} said ${said(d.heard ?? d.text)}${d.interrupted ? ' and was interrupted' : ''}${d.latencyMs === undefined ? '' : ` (answered within ${duration(d.latencyMs)})`}`,
    es: (d) => `${es(d.callId)}: ${d.role === 'agent' ? 'el agente' : 'quien llama'} dijo ${said(d.heard ?? d.text)}${d.interrupted ? ' y fue interrumpido' : ''}${d.latencyMs === undefined ? '' : ` (respondió en ${duration(d.latencyMs)})`}`,
  }),
  sentence(AgentInterruptedV1, {
    en: (d) => `${en(d.callId)}: the caller spoke over the agent, who fell silent (${duration(d.heardMs)} of it were heard)`,
    es: (d) => `${es(d.callId)}: quien llama habló encima del agente, que calló (se oyeron ${duration(d.heardMs)})`,
  }),
  sentence(EngineChangedV1, {
    en: (d) => `${en(d.callId)}: ${CHANGES.en[d.how]}${d.how === 'rolled_over' ? '' : ` after ${duration(d.silentMs)} (${shortened(d.reason, 120)})`}`,
    es: (d) => `${es(d.callId)}: ${CHANGES.es[d.how]}${d.how === 'rolled_over' ? '' : ` tras ${duration(d.silentMs)} (${shortened(d.reason, 120)})`}`,
  }),
  sentence(ToolCalledV1, {
    en: (d) => `${en(d.callId)}: the agent asked for ${d.tool}`,
    es: (d) => `${es(d.callId)}: el agente pidió ${d.tool}`,
  }),
  sentence(ToolCompletedV1, {
    en: (d) => `${en(d.callId)}: ${d.tool} came back after ${duration(d.tookMs)}: ${words.en[d.outcome]}${d.detail === undefined ? '' : ` (${shortened(d.detail, 120)})`}`,
    es: (d) => `${es(d.callId)}: ${d.tool} volvió tras ${duration(d.tookMs)}: ${words.es[d.outcome]}${d.detail === undefined ? '' : ` (${shortened(d.detail, 120)})`}`,
  }),
  sentence(HandoffRequestedV1, {
    en: (d) => `${en(d.callId)}: the agent asks for a person: ${shortened(d.reason, 160)}`,
    es: (d) => `${es(d.callId)}: el agente pide una persona: ${shortened(d.reason, 160)}`,
  }),
  sentence(ConversationEndedV1, {
    en: (d) => `${en(d.callId)}: the agent left after ${d.turns} ${d.turns === 1 ? 'turn' : 'turns'} and ${duration(d.durationMs)}: ${words.en[d.reason]}`,
    es: (d) => `${es(d.callId)}: el agente se retiró tras ${d.turns} ${d.turns === 1 ? 'turno' : 'turnos'} y ${duration(d.durationMs)}: ${words.es[d.reason]}`,
  }),
];
