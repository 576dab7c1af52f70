import type { AgentProfile } from '../../agents/agent-profile.js';
import { toolDescriptions } from '../../tools/call-tools.js';
import type { EngineContext, G711 } from '../voice-engine.js';

/** The provider's name of a law; GA formats `audio/pcmu` and `audio/pcma` are 8 kHz without saying so. */
export const formatOf = (law: G711): { readonly type: 'audio/pcmu' | 'audio/pcma' } => ({ type: law === 'ulaw' ? 'audio/pcmu' : 'audio/pcma' });

const LANGUAGES: Readonly<Record<string, string>> = { es: 'Spanish', en: 'English' };

/** The `session` of session.update for a call: G.711 both ways, the profile's words, voice, tools and turn taking. */
export function sessionOf(context: EngineContext): Record<string, unknown> {
  const { profile, language } = context;
  const format = formatOf(context.format);
  return {
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: `${profile.instructions}\n\nSpeak ${LANGUAGES[language] ?? language} unless the caller clearly prefers another language. You are on a telephone: short sentences, no lists. Keys the caller presses are not told to you; never ask for a card number or a password.`,
    tools: toolDescriptions(profile.tools).map((tool) => ({ type: 'function', ...tool })),
    tool_choice: 'auto',
    audio: {
      input: {
        format,
        transcription: profile.transcription === null ? null : { model: profile.transcription, language },
        turn_detection: turnDetection(profile),
      },
      output: { format, voice: profile.voice },
    },
  };
}

/** True when the provider stops its answer on its own; false when we judge an interruption ourselves (confirmation, echo, not at all). */
export function providerInterrupts({ bargeIn }: AgentProfile): boolean {
  return bargeIn.enabled && bargeIn.confirmMs === 0 && bargeIn.echoGuardDb === null;
}

function turnDetection(profile: AgentProfile): Record<string, unknown> {
  const { turnTaking } = profile;
  const both = { create_response: true, interrupt_response: providerInterrupts(profile) };
  return turnTaking.type === 'server_vad'
    ? { type: 'server_vad', threshold: turnTaking.threshold, prefix_padding_ms: 300, silence_duration_ms: turnTaking.silenceMs, ...both }
    : { type: 'semantic_vad', eagerness: turnTaking.eagerness, ...both };
}
