import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ListenOptions {
  /** 0 (any free one) unless told. */
  readonly port?: number;
  /** 127.0.0.1 unless told. */
  readonly host?: string;
}

export interface Listening {
  /** `127.0.0.1:41817` */
  readonly at: string;
  readonly port: number;
  /** Ends every connection, also those that became WebSockets, and frees the port. */
  readonly close: () => Promise<void>;
}

/** Has a server listen. @throws Error when the port is taken */
export async function listen(server: Server, { port = 0, host = '127.0.0.1' }: ListenOptions = {}): Promise<Listening> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const taken = (server.address() as AddressInfo).port;
  return {
    at: `${host}:${taken}`,
    port: taken,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}
