import { tenantDeclarationSchema, type TenantDeclarationInput } from '@troncal/contracts';
import { isNode, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { textIn } from '../arguments.js';
import { CliError, usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';

type Path = readonly (string | number)[];

/** A tenant as it stands in a file. */
interface Place {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** Where in the document. */
  readonly at: Path;
  /** What stands there. */
  readonly value: unknown;
}

/** Tenants read from files, and where each of their parts stands. */
export class DeclarationFiles {
  private constructor(
    readonly declarations: readonly TenantDeclarationInput[],
    private readonly places: readonly Place[],
  ) {}

  /**
   * Reads tenants from YAML or JSON files: one a document, or a list under `tenants`. `-` is standard input.
   * @throws CliError that names every fault by file, line and what to do; nothing was sent then
   */
  static read(files: readonly string[]): DeclarationFiles {
    const places = files.flatMap(placesIn);
    if (places.length === 0) throw usageError(`there is no tenant in ${files.join(', ')}`, 'See examples/communities.yaml');
    const declarations = places.map(({ value }) => value as TenantDeclarationInput);
    const read = new DeclarationFiles(declarations, places);
    const faults = declarations.flatMap((declaration, index) => {
      const result = tenantDeclarationSchema.safeParse(declaration);
      return result.success ? [] : result.error.issues.map(({ path, message }) => read.placed(index, path as Path, message));
    });
    if (faults.length > 0) throw invalid(faults);
    return read;
  }

  /** A refusal of the API with its faults where they stand in the files. */
  placing(error: unknown): unknown {
    if (!(error instanceof CliError) || error.faults.length === 0) return error;
    const faults = error.faults.map((fault) => {
      const [, index, rest = '', message = ''] = /^\/declarations\/(\d+)((?:\/[^:]*)?): ([\s\S]*)$/.exec(fault) ?? [];
      return index === undefined ? fault : this.placed(Number(index), rest.split('/').slice(1).map(unescaped), message);
    });
    return new CliError(error.exitCode, error.message.split(': ')[0] ?? error.message, error.remedy ?? 'Change what is named; nothing was stored.', faults);
  }

  private placed(index: number, path: Path, message: string): string {
    const place = this.places[index];
    if (place === undefined) return message;
    const { file, document, lines, at } = place;
    const line = lineOf(document, lines, [...at, ...path]);
    const code = (this.declarations[index] as { readonly tenant?: unknown } | null)?.tenant;
    return `${file}:${line}: ${typeof code === 'string' ? `${code}: ` : ''}${path.length === 0 ? '' : `${path.join('.')}: `}${message}`;
  }
}

function placesIn(file: string): Place[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(textIn(file, 'Name a file that is there.'), { lineCounter: lines, prettyErrors: false });
  const all = Array.isArray(documents) ? (documents as Document[]) : [];
  const wrong = all.flatMap(({ errors }) => errors.map(({ message, pos: [at] }) => `${file}:${lines.linePos(at).line}: ${message}`));
  if (wrong.length > 0) throw invalid(wrong);
  return all.flatMap((document): Place[] => {
    const value = document.toJS() as unknown;
    if (value === null || value === undefined) return [];
    const tenants = (value as { readonly tenants?: unknown }).tenants;
    // A document of a thousand tenants is made into values once, not once for each of them.
    if (!Array.isArray(tenants)) return [{ file, document, lines, at: [], value }];
    return tenants.map((tenant: unknown, index) => ({ file, document, lines, at: ['tenants', index], value: tenant }));
  });
}

const invalid = (faults: readonly string[]): CliError => new CliError(EXIT.usage, 'what is declared is not valid', 'Change what is named; nothing was sent.', faults);

/** Of the deepest part of the path that stands in the document: what is missing is told at what it is missing from. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && rangeOf(node) !== undefined) return lines.linePos(rangeOf(node) ?? 0).line;
  }
  return 1;
}

const rangeOf = (node: Node): number | undefined => node.range?.[0];

/** RFC 6901. */
const unescaped = (step: string): string | number => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~'));
