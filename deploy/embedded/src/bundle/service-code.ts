/** Where the code of services is found. */
export interface ServiceCode {
  /** The program of a service in a process of its own. */
  main(name: string): string;
  /** The address of the module that exports its `startService`. */
  module(name: string): string;
  /** Where Node keeps what it has compiled of it. */
  readonly compiledDir: string;
}
