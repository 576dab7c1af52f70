/** What the launcher tells the light process: which services it hosts, the address of each one's module, and an environment of its own. */
export interface LightPlan {
  readonly services: readonly { readonly name: string; readonly module: string; readonly env: Readonly<Record<string, string | undefined>> }[];
}

interface RunningService {
  close(): Promise<void>;
}

interface ServiceModule {
  readonly startService?: (env: Readonly<Record<string, string | undefined>>) => Promise<RunningService>;
}

/**
 * The light services in one process: one is 120 MB by itself, all together hardly more. Each keeps its own module, NATS user
 * and database roles. They start in order; one that can't start is tried again and doesn't hold up the others.
 */
process.channel?.ref();
const plan = await new Promise<LightPlan>((resolve) => process.once('message', (message) => resolve(message as LightPlan)));
process.channel?.unref();

const RETRY_MS = [1_000, 2_000, 5_000, 10_000];
const running: { readonly name: string; readonly service: RunningService }[] = [];
const retries = new Set<NodeJS.Timeout>();
let stopping: Promise<void> | null = null;

async function startOne(service: LightPlan['services'][number], attempt = 0): Promise<void> {
  if (stopping) return;
  const { name, env } = service;
  try {
    // An address, not a literal: which services share this process is the launcher's decision alone.
    const { startService } = (await import(service.module)) as ServiceModule;
    if (!startService) throw new Error(`${service.module} exports no startService`);
    running.push({ name, service: await startService(env) });
  } catch (error) {
    const delay = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0;
    console.error(`${name} did not start and is tried again in ${delay} ms: ${error instanceof Error && error.name !== 'ConfigError' ? (error.stack ?? error.message) : String(error)}`);
    const timer = setTimeout(() => {
      retries.delete(timer);
      void startOne(service, attempt + 1);
    }, delay);
    retries.add(timer);
  }
}

async function stopAll(): Promise<void> {
  for (const timer of retries) clearTimeout(timer);
  for (const { name, service } of running.reverse()) {
    await service.close().catch((error: unknown) => console.error(`${name} did not close: ${String(error)}`));
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stopping ??= stopAll().then(() => process.exit(0));
  });
}

for (const service of plan.services) await startOne(service);
