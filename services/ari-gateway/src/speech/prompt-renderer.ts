import { routeTo } from '@troncal/callflow';
import { languageSchema, type Prompt, type Route } from '@troncal/contracts';
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
      this.addRoute(routeTo({ kind: 'agent', agent: 'default' }, language));
    }
    for (const { route } of this.directory.allRoutes()) this.addRoute(route);
    this.keeper.onChange((change) => {
      if (change.kind === 'route') this.addRoute(change.facts.route);
    });
  }

  /** Ends after the prompt at work. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.queue;
  }

  private addRoute(route: Route): void {
    for (const prompt of promptsOf(route)) {
      const language = route.language in prompt.say ? route.language : Object.keys(prompt.say)[0];
      const text = Object.entries(prompt.say).find(([each]) => each === language)?.[1];
      if (language !== undefined && text !== undefined && this.files.ready(text, language) === undefined) this.add(() => this.files.render(text, language));
    }
  }

  private add(render: () => Promise<string>): void {
    this.queue = this.queue.then(async () => {
      if (this.stopping) return;
      await render().catch((error: unknown) => this.logger.debug({ err: error }, 'a prompt waits for its first caller'));
    });
  }
}

/** Everything that a route may say. */
function promptsOf(route: Route): Prompt[] {
  const own = route.recording.announcement ? [route.recording.announcement] : [];
  return Object.values(route.nodes).reduce((all, node) => {
    switch (node.kind) {
      case 'announce':
        return [...all, node.prompt];
      case 'menu':
        return [...all, node.prompt, ...(node.invalidPrompt ? [node.invalidPrompt] : [])];
      case 'queue':
      case 'hangup':
        return [...all, ...(node.prompt ? [node.prompt] : [])];
      case 'ring':
      case 'agent':
        return all;
    }
  }, own);
}
