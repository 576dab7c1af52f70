/** How `troncal` ends; documented in `troncal --help` and kept for scripts. */
export const EXIT = {
  ok: 0,
  /** It was tried and did not work, or a check of the lab call did not hold. */
  failed: 1,
  /** The command line or an input file is wrong; nothing was done. */
  usage: 2,
  /** No Troncal answers there, or the part that is needed does not run. */
  unreachable: 3,
  /** No key, a wrong key, or a rule refused it. */
  refused: 4,
  /** There is no such thing. */
  notFound: 5,
  /** Ended by Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table of exit codes as `--help` shows it. */
export const EXIT_CODE_HELP = 'Exit codes: 0 ok, 1 failed, 2 usage, 3 not running or unreachable, 4 refused or unauthorised, 5 not found, 130 interrupted.';
