import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import type { Answer } from './answer.js';
import { VoiceDirectory } from './directory/voice-directory.js';
import { inLanguage, PHRASES } from './twiml/phrases.js';
import { TwimlDocument } from './twiml/twiml-document.js';
import { Voices } from './twiml/voices.js';
import type { VoiceConfig } from './voice-env.js';
import { parameter, type Webhook } from './webhooks/webhook.js';

/** What a caller hears when something of ours is wrong, in the language of the tenant whose number was called, where it is known. Never an error page. */
@Injectable()
export class Excuse {
  private readonly voices: Voices;

  constructor(
    private readonly directory: VoiceDirectory,
    @Inject(CONFIG) config: VoiceConfig,
  ) {
    this.voices = new Voices(config.VOICE_VOICES);
  }

  say(webhook: Webhook): Answer {
    const called = parameter(webhook, 'To') ?? '';
    const tenant = this.directory.numberOf(webhook, called)?.tenant;
    const { text, language } = inLanguage(PHRASES.excuse, tenant?.language ?? 'es');
    return { document: new TwimlDocument().say({ text, ...this.voices.of({ language }, tenant?.country ?? '', tenant?.locale) }).hangup(), outcome: 'excused' };
  }
}
