import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueLeftV1 } from '@troncal/contracts';
import { newCallId, newId, withDeadline } from '@troncal/kernel';
import { Bus, JetStreamPublisher, tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { apiKeysFile, eventually, EventSource, programEnv, sharedPostgres, specProgram, startNats, type NatsServer, type TestDatabase } from '@troncal/testing';

const silent = createLogger({ service: 'spec', level: 'silent' });
const LONG_MS = 60_000;
/** A whole chain of lives: what one life began may be ended by the last. */
const CHAIN_MS = 280_000;

/** One life of the service under test. */
interface Life {
  readonly child: ChildProcess;
  /** Its HTTP address, once it listens. */
  readonly url: Promise<string>;
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string | number | null>;
  readonly printed: () => string;
}

/** What is left when everything has come to rest. */
export interface Outcome {
  readonly effects: readonly string[];
  /** Subjects of the TicketOpened events on the bus, each with its sequence. */
  readonly tickets: readonly string[];
  readonly deadLetters: readonly string[];
  readonly unreadable: number;
  readonly answers: readonly unknown[];
}

/** What a number of events and a request should lead to, whatever happens meanwhile. */
interface Caused {
  /** Id of the event that takes effect when its dead letter is redriven. */
  readonly held: string;
  readonly effects: readonly string[];
  readonly tickets: readonly string[];
  readonly deadLetters: readonly string[];
}

/** Everything that stands in the streams, read by a stranger. */
class Witness {
  private readonly seen: SeenEvent[] = [];
  private tail: Tail | undefined;
  /** Dead letters that are no events. */
  unreadable = 0;

  static async open(nats: NatsServer): Promise<Witness> {
    const witness = new Witness();
    const noteUnreadable = (text: string): void => {
      if (text.includes('of DLQ is no event')) witness.unreadable += 1;
    };
    witness.tail = await tailEvents(nats.observer, (event) => witness.seen.push(event), { since: new Date(0), deadLetters: true, onTrouble: noteUnreadable });
    return witness;
  }

  ofStream(stream: string): SeenEvent[] {
    return this.seen.filter((event) => event.stream === stream);
  }

  async close(): Promise<void> {
    await this.tail?.stop();
  }
}

/** A bus, a database and a service in a process of its own that is killed at a label. Everything is this lab's own, so that many run side by side. */
export class CrashLab {
  private readonly lives: Life[] = [];

  private constructor(
    private readonly folder: string,
    private readonly nats: NatsServer,
    private readonly database: TestDatabase,
    private readonly admin: Bus,
    private readonly witness: Witness,
  ) {}

  static async open(): Promise<CrashLab> {
    const folder = mkdtempSync(join(tmpdir(), 'troncal-crash-'));
    mkdirSync(join(folder, 'migrations'));
    writeFileSync(join(folder, 'migrations/0001_effect.sql'), 'CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY, name text NOT NULL);');
    const nats = await startNats();
    const database = await (await sharedPostgres()).createDatabase('ticketing');
    const admin = new Bus({ ...nats.admin, logger: silent });
    admin.start();
    await admin.connection();
    return new CrashLab(folder, nats, database, admin, await Witness.open(nats));
  }

  /**
   * Lives through crashes, one at each of these points (label:pass), while in every life new events and a request come in; then through
   * a last life to the end.
   */
  async crashAt(points: readonly string[]): Promise<{ readonly outcome: Outcome; readonly expected: Outcome }> {
    const caused: Caused[] = [];
    const asked: string[] = [];
    const answers: Promise<unknown>[] = [];
    const redriving: Promise<unknown>[] = [];
    for (const point of points) {
      const life = this.live(point);
      // As often as the point must be passed: some are passed once for each of these.
      const rounds = Array.from({ length: Number(point.split(':')[1]) }, (_, index) => `${point} ${index}`);
      const causing = Promise.all(rounds.map(() => this.cause()));
      const asking = rounds.map((name) => this.ask(name));
      redriving.push(causing.then((all) => Promise.all(all.map(({ held }) => this.redrive(held)))));
      // Looked at when the crash is over; until then a failure must not count as unhandled.
      for (const promise of [causing, ...asking, ...redriving]) promise.catch(() => {});
      const endedBy = await withDeadline(life.ended, LONG_MS, `Reaching ${point}`);
      if (endedBy !== 'SIGKILL') throw new Error(`At ${point} the service ended by ${endedBy}: ${life.printed()}`);
      caused.push(...(await causing));
      asked.push(...rounds);
      answers.push(...asking);
    }
    this.live();
    const expected: Outcome = {
      effects: [...caused.flatMap((each) => each.effects), ...asked],
      tickets: caused.flatMap((each) => each.tickets),
      deadLetters: caused.flatMap((each) => each.deadLetters),
      unreadable: caused.length,
      answers: asked.map((name) => ({ done: name })),
    };
    const answered = await Promise.all(answers);
    await Promise.all(redriving);
    await this.settled(expected);
    const names = (stream: string): string[] => this.witness.ofStream(stream).map(({ envelope }) => `${envelope.subject} ${envelope.sequence}`);
    return { expected, outcome: { effects: await this.effects(), tickets: names('EVT_TICKETS'), deadLetters: names('DLQ'), unreadable: this.witness.unreadable, answers: answered } };
  }

  async close(): Promise<void> {
    for (const { child } of this.lives) child.kill('SIGKILL');
    await Promise.all(this.lives.map((life) => life.ended));
    await this.witness.close();
    await this.admin.close();
    await this.nats.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private live(crashAt = ''): Life {
    const child = fork(specProgram('crash-child'), {
      silent: true,
      env: {
        ...programEnv(),
        CRASH_AT: crashAt,
        SPEC_MIGRATIONS: join(this.folder, 'migrations'),
        DATABASE_URL: this.database.appUrl,
        DATABASE_OWNER_URL: this.database.ownerUrl,
        NATS_URL: this.nats.url,
        NATS_USER: 'ticketing',
        NATS_PASSWORD: 'ticketing',
        HTTP_PORT: '0',
        API_KEYS_FILE: apiKeysFile(this.folder, new Map([['*', 'key']])),
        LOG_LEVEL: 'warn',
        PROCESS_METRICS: 'false',
      },
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (printed += bytes.toString()));
    const url = new Promise<string>((resolve) => child.once('message', (message) => resolve((message as { url: string }).url)));
    const ended = new Promise<string | number | null>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    const life = { child, url, ended, printed: () => printed };
    this.lives.push(life);
    return life;
  }

  /** Two calls with three events each, one of them flaky and one poison, a third with one for redriving, and a message that is no event. */
  private async cause(): Promise<Caused> {
    await eventually('the streams are there', async () => (await (await this.admin.jetStreamManager()).streams.names().next()).includes('EVT_CALLS'), LONG_MS);
    const gateway = await EventSource.open(this.nats, 'ari-gateway');
    try {
      const effects: string[] = [];
      const tickets: string[] = [];
      const deadLetters: string[] = [];
      let held = '';
      for (const queues of [['ok', 'flaky', 'ok'], ['ok', 'poison', 'ok'], ['held']]) {
        const call = newCallId();
        for (const queue of queues) {
          const event = await gateway.publish(QueueLeftV1, { tenant: 'demo', subject: call, data: { ...(QueueLeftV1.schema.parse(QueueLeftV1.example) as Parameters<typeof QueueLeftV1.encode>[0]), queue } });
          const name = `${call} ${event.sequence}`;
          if (queue === 'held') held = event.id;
          if (queue === 'poison' || queue === 'held') deadLetters.push(name);
          if (queue !== 'poison') {
            effects.push(name);
            tickets.push(`${event.id} 1`);
          }
        }
      }
      await new JetStreamPublisher(this.admin).publish({ id: newId(), subject: QueueLeftV1.subjectFor('demo'), payload: 'no event', headers: {} });
      return { held, effects, tickets, deadLetters };
    } finally {
      await gateway.close();
    }
  }

  /** Redrives the dead letter of an event until it has taken effect, as an operator does who sees it fail again, and whose connections break. */
  private redrive(eventId: string): Promise<unknown> {
    return eventually(
      'the dead letter is redriven',
      async () => {
        const url = await this.address();
        if (url === undefined) return false;
        const ask = async <T>(method: string, path: string): Promise<T> => {
          const response = await fetch(`${url}/api/dead-letters/ticketing${path}`, { method, headers: { authorization: 'Bearer key' }, signal: AbortSignal.timeout(5_000) });
          return (await response.json()) as T;
        };
        const { deadLetters } = await ask<{ deadLetters: { deadLetterId: string; eventId: string; state: string }[] }>('GET', '?state=all&limit=200');
        const letter = deadLetters.find((each) => each.eventId === eventId);
        return letter !== undefined && (letter.state === 'redriven' || (await ask<{ state?: string }>('POST', `/${letter.deadLetterId}/redrive`)).state === 'redriven');
      },
      CHAIN_MS,
    );
  }

  /** Where the service listens that lives now; undefined when it ended before it did. */
  private async address(): Promise<string | undefined> {
    const life = this.lives.at(-1);
    return life && Promise.race([life.url, life.ended.then(() => undefined)]);
  }

  /** Asks with an Idempotency-Key, again and again until it's answered, as a client does whose connections break. */
  private ask(name: string): Promise<unknown> {
    return eventually(
      'the request is answered',
      async () => {
        const url = await this.address();
        if (url === undefined) return undefined;
        const headers = { authorization: 'Bearer key', 'content-type': 'application/json', 'idempotency-key': name.replace(' ', '-') };
        const response = await fetch(`${url}/api/effects`, { method: 'POST', headers, body: JSON.stringify({ name }), signal: AbortSignal.timeout(5_000) });
        return response.status === 201 && ((await response.json()) as object);
      },
      CHAIN_MS,
    );
  }

  private async effects(): Promise<string[]> {
    const db = new Database({ url: this.database.appUrl, schema: this.database.schema, logger: silent, applicationName: 'spec', poolSize: 1 });
    try {
      return (await db.query<{ name: string }>('SELECT name FROM effect ORDER BY id')).map((row) => row.name);
    } finally {
      await db.close();
    }
  }

  /** Waits until nothing is on its way any more; what is missing then is lost. */
  private async settled(expected: Outcome): Promise<void> {
    const manager = await this.admin.jetStreamManager();
    let state: object = {};
    const isSettled = async (): Promise<boolean> => {
      const info = await manager.consumers.info('EVT_CALLS', 'ticketing__on-queue-left');
      const [tickets = 0, dead = 0] = await Promise.all(['EVT_TICKETS', 'DLQ'].map(async (stream) => (await manager.streams.info(stream)).state.messages));
      const seen = { tickets: this.witness.ofStream('EVT_TICKETS').length, dead: this.witness.ofStream('DLQ').length + this.witness.unreadable };
      const wanted = { effects: expected.effects.length, tickets: expected.tickets.length, dead: expected.deadLetters.length + expected.unreadable };
      const effects = (await this.effects()).length;
      state = { pending: info.num_pending, unsettled: info.num_ack_pending, effects, tickets, dead, seen, wanted };
      const isRest = info.num_pending === 0 && info.num_ack_pending === 0 && seen.tickets === tickets && seen.dead === dead;
      return isRest && effects >= wanted.effects && tickets >= wanted.tickets && dead >= wanted.dead;
    };
    await eventually('everything is settled', isSettled, LONG_MS).catch((error: unknown) => {
      const why = this.witness.ofStream('DLQ').map(({ headers }) => headers['Troncal-Error']);
      throw new Error(`Not settled: ${JSON.stringify({ ...state, why })}. ${this.lives.at(-1)?.printed() ?? ''}`, { cause: error });
    });
  }
}
