/** What the launcher tells the light process: which services it hosts, each with an environment of its own. */
export interface LightPlan {
  readonly services: readonly { readonly name: string; readonly env: Readonly<Record<string, string | undefined>> }[];
}

interface RunningService {
  close(): Promise<void>;
}

interface ServiceModule {
  readonly startService?: (env: Readonly<Record<string, string | undefined>>) => Promise<RunningService>;
}

/**
 * The light services in one process: one is 120 MB by itself, all together hardly more. Each keeps its own module, NATS user
 * and database roles. They start in order; if one can't, the process ends and the launcher starts it again.
 */
process.channel?.ref();
const plan = await new Promise<LightPlan>((resolve) => process.once('message', (message) => resolve(message as LightPlan)));
process.channel?.unref();

const running: { name: string; service: RunningService }[] = [];
let stopping: Promise<void> | null = null;

async function stopAll(): Promise<void> {
  for (const { name, service } of running.reverse()) {
    await service.close().catch((error: unknown) => console.error(`${name} did not close: ${String(error)}`));
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stopping ??= stopAll().then(() => process.exit(0));
  });
}

for (const { name, env } of plan.services) {
  if (stopping) break;
  try {
    // The name is data, not a literal: which services share this process is the launcher's decision alone.
    const module = (await import(`@troncal/${name}`)) as ServiceModule;
    if (!module.startService) throw new Error(`@troncal/${name} exports no startService`);
    running.push({ name, service: await module.startService(env) });
  } catch (error) {
    console.error(`${name} did not start: ${(error as Error).stack ?? String(error)}`);
    await stopAll();
    process.exit(1);
  }
}
