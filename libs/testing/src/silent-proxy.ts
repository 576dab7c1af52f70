import { createServer, createConnection, type AddressInfo, type Socket } from 'node:net';

/** Which way nothing passes: `up` is from the client to the server, `down` the other way. */
export type Silence = 'up' | 'down' | 'both';

/** A TCP proxy that can turn into a silent partition: what is sent stays on the way, and no end learns that the other one closed. */
export interface SilentProxy {
  readonly port: number;
  /** From now on nothing passes that way, on open connections and on new ones; nobody is told. */
  silence(way?: Silence): void;
  /** The partition heals: what was on its way arrives, closings included, as TCP would deliver it. */
  speak(): void;
  /** Breaks every connection, told to both ends. */
  cut(): void;
  close(): Promise<void>;
}

/** One direction of one connection. */
class Pipe {
  private readonly held: (Buffer | 'end')[] = [];

  constructor(
    private readonly to: Socket,
    from: Socket,
    private silent: boolean,
  ) {
    from.on('data', (chunk: Buffer) => this.pass(chunk));
    from.on('end', () => this.pass('end'));
    from.on('error', () => this.pass('end'));
  }

  set silence(silent: boolean) {
    this.silent = silent;
    if (!silent) for (const each of this.held.splice(0)) this.pass(each);
  }

  private pass(what: Buffer | 'end'): void {
    if (this.silent) this.held.push(what);
    else if (what === 'end') this.to.end();
    else if (!this.to.destroyed) this.to.write(what);
  }
}

/**
 * Listens on a free loopback port and passes everything to `target`.
 * @param sent sees what clients send, when they send it
 */
export async function startSilentProxy(target: { readonly host: string; readonly port: number }, sent?: (chunk: Buffer) => void): Promise<SilentProxy> {
  let quiet: Silence | undefined;
  const isQuiet = (way: 'up' | 'down'): boolean => quiet === 'both' || quiet === way;
  const open = new Map<Socket, { readonly server: Socket; readonly up: Pipe; readonly down: Pipe }>();
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = createConnection({ host: target.host, port: target.port, allowHalfOpen: true });
    if (sent) client.on('data', sent);
    open.set(client, { server, up: new Pipe(server, client, isQuiet('up')), down: new Pipe(client, server, isQuiet('down')) });
    client.on('close', () => {
      open.delete(client);
      // Told to the server only where anything is told.
      if (!isQuiet('up')) server.destroy();
      else orphans.add(server);
    });
    server.on('close', () => {
      orphans.delete(server);
      if (!isQuiet('down')) client.destroy();
    });
  });
  const orphans = new Set<Socket>();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const [client, { server }] of open) {
      client.destroy();
      server.destroy();
    }
    for (const server of orphans) server.destroy();
  };
  const tune = (): void => {
    for (const { up, down } of open.values()) {
      up.silence = isQuiet('up');
      down.silence = isQuiet('down');
    }
  };
  return {
    port: (listener.address() as AddressInfo).port,
    silence: (way = 'both') => {
      quiet = way;
      tune();
    },
    speak: () => {
      quiet = undefined;
      tune();
      for (const server of orphans) server.destroy();
      for (const [client, { server }] of open) if (server.destroyed) client.destroy();
    },
    cut,
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      quiet = undefined;
      cut();
      await closed;
    },
  };
}
