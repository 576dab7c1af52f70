/** The launcher's voice: one line per step on standard output, in English, with the time it took. */
export class Terminal {
  private readonly began = performance.now();

  constructor(private readonly write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {}

  /** Something begins or goes on. */
  step(line: string): void {
    this.write(`  · ${line}`);
  }

  done(line: string): void {
    this.write(`  ✓ ${line}  (${this.seconds()})`);
  }

  warn(line: string): void {
    this.write(`  ! ${line}`);
  }

  plain(text: string): void {
    this.write(text);
  }

  private seconds(): string {
    return `${((performance.now() - this.began) / 1000).toFixed(1)} s`;
  }
}
