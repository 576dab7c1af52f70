import { allSpoken, routeTo } from '@troncal/callflow';
import { languageSchema, localeIn, type Route } from '@troncal/contracts';
import type { Logger } from '@troncal/observability';
import type { DirectoryKeeper } from '../tenant-directory/directory-keeper.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { EDGE_PROMPTS } from './edge-prompts.js';
import type { SpeechFiles } from './speech-files.js';

/** Renders every prompt when its route is declared, and the edge's own at the start; one at a time, so that calls keep the processor. */
export class PromptRenderer {
  private queue: Promise<unknown> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly files: SpeechFiles,
    private readonly keeper: DirectoryKeeper,
    private readonly directory: TenantDirectory,
    private readonly logger: Logger,
  ) {}

  /** Begins with what is there; returns at once. */
  start(): void {
    for (const language of languageSchema.options) {
      for (const [name, texts] of Object.entries(EDGE_PROMPTS)) this.add(() => this.files.renderNamed(name, texts[language], language));
      this.addRoute(routeTo({ kind: 'agent', agent: 'default' }, language), '');
    }
    for (const { route, tenant } of this.directory.allRoutes()) this.addRoute(route, this.countryOf(tenant));
    this.keeper.onChange((change) => {
      if (change.kind === 'route') this.addRoute(change.facts.route, this.countryOf(change.facts.tenant));
    });
  }

  /** Ends after the prompt at work. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.queue;
  }

  private addRoute(route: Route, country: string): void {
    for (const { text, language, locale = localeIn(language, country) } of allSpoken(route)) if (this.files.ready(text, locale) === undefined) this.add(() => this.files.render(text, locale));
  }

  private countryOf(tenant: string): string {
    return this.directory.tenant(tenant)?.country ?? '';
  }

  private add(render: () => Promise<string>): void {
    this.queue = this.queue.then(async () => {
      if (this.stopping) return;
      await render().catch((error: unknown) => this.logger.debug({ err: error }, 'a prompt waits for its first caller'));
    });
  }
}
