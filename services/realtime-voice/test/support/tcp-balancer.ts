import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** One address in front of several ports, as a Kubernetes Service: each connection goes to the next one that answers. */
export class TcpBalancer {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private turn = 0;

  private constructor(private targets: readonly number[]) {
    this.server = createServer((client) => this.pass(client, this.targets.length));
  }

  static async start(targets: readonly number[]): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(targets);
    await new Promise<void>((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Who is behind it from now on; connections that are there stay. */
  use(targets: readonly number[]): void {
    this.targets = targets;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private pass(client: Socket, triesLeft: number): void {
    const target = this.targets[this.turn++ % Math.max(1, this.targets.length)];
    if (target === undefined || triesLeft === 0) return void client.destroy();
    const server = connect(target, '127.0.0.1');
    server.once('error', () => (server.connecting || server.bytesRead === 0 ? this.pass(client, triesLeft - 1) : client.destroy()));
    server.once('connect', () => {
      for (const [one, other] of [[client, server], [server, client]] as const) {
        this.sockets.add(one);
        one.setNoDelay(true);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
      }
      client.pipe(server);
      server.pipe(client);
    });
  }
}
