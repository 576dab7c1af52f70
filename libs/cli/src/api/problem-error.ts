import { problemSchema, type Problem } from '@troncal/contracts';
import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { printable, shortened } from '../output/printable.js';

/** How a refusal of the API ends the command. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.refused;
  if (status === 404) return EXIT.notFound;
  // The front door and the services answer these when the part that is asked for is away.
  if (status === 502 || status === 503 || status === 504) return EXIT.unreachable;
  return EXIT.failed;
}

const REMEDY: Readonly<Record<number, string>> = {
  401: 'Give the key of this installation: --key-file FILE or TRONCAL_API_KEY_FILE (npm start writes one and tells the CLI where).',
  502: 'Look at what is not ready: troncal status',
  503: 'Look at what is not ready: troncal status',
  504: 'Look at what is not ready: troncal status',
};

/** The problem document (RFC 9457) of an answer, or undefined when the body is something else. */
export function readProblem(body: string): Problem | undefined {
  try {
    return problemSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** An answer that is not a success, as one error: title and detail of its problem document, or what came instead. */
export function problemError(asked: string, status: number, body: string): CliError {
  const problem = readProblem(body);
  if (problem === undefined) {
    const said = body.trim() === '' ? 'with an empty body' : `with ${JSON.stringify(shortened(printable(body), 120))}`;
    return new CliError(exitCodeOf(status), `${asked} answered ${status} ${said}`, REMEDY[status] ?? 'Is this address really a Troncal? See: troncal status');
  }
  const faults = (problem.errors ?? []).map((fault) => printable(`${fault.path}: ${fault.message}`));
  return new CliError(exitCodeOf(status), printable(`${problem.title}: ${problem.detail} (${status} ${problem.code})`), REMEDY[status], faults);
}
