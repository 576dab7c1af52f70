import { errorText, TroncalError } from '@troncal/kernel';
import { EXIT, type ExitCode } from './exit-codes.js';

/** An end that the user is told of in one line and a remedy; never shown with a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';

  /**
   * @param exitCode how the process ends
   * @param message what happened, with its facts
   * @param remedy what to do about it
   * @param faults every fault of the input as `path: what is wrong`
   */
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly remedy?: string,
    readonly faults: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Wrong arguments or a wrong input file: nothing was done. */
export const usageError = (message: string, remedy = 'See: troncal --help'): CliError => new CliError(EXIT.usage, message, remedy);

/** Whatever was thrown, as the end the user sees. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof TroncalError) {
    const faults = error.faults.map((fault) => `${fault.where}: ${fault.message}`);
    return new CliError(error.retryable ? EXIT.unreachable : EXIT.failed, error.message, error.remedy, faults);
  }
  return new CliError(EXIT.failed, errorText(error));
}

/** The lines on standard error: the error, its faults, the remedy. */
export function describeError(error: CliError): string {
  const lines = [`error: ${error.message}`, ...error.faults.map((fault) => `  - ${fault}`)];
  if (error.remedy !== undefined) lines.push(`try:   ${error.remedy}`);
  return `${lines.join('\n')}\n`;
}
