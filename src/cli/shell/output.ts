import { type Paint, paint, wantsColour } from '../text/colour.ts';
import { printableJson } from '../text/printable.ts';

/** How much is said and in which form. */
export interface OutputOptions {
  /** JSON documents instead of sentences. */
  readonly json: boolean;
  /** Nothing but data and errors. */
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** The two streams of a command: data to standard output, everything else to standard error. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** The colours of standard output. */
  readonly paint: Paint;
  /** The colours of standard error. */
  readonly paintError: Paint;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.paint = paint(!options.json && wantsColour(process.stdout, process.env, options.noColor));
    this.paintError = paint(wantsColour(process.stderr, process.env, options.noColor));
  }

  /** Columns that a line on standard output may have; what is not for a terminal is never folded. */
  get width(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  }

  /** What was asked for: `document` as one line of JSON, or `lines` for people. */
  data(document: unknown, lines: () => readonly string[]): void {
    process.stdout.write(this.text(document, lines));
  }

  /** What {@link data} writes. */
  text(document: unknown, lines: () => readonly string[]): string {
    return (this.json ? [printableJson(document)] : lines()).map((line) => `${line}\n`).join('');
  }

  /** What was asked for has been done: like {@link data}, but `--quiet` leaves out the sentences. */
  done(document: unknown, lines: () => readonly string[]): void {
    if (this.json || !this.quiet) {
      this.data(document, lines);
    }
  }

  /** {@link done} ahead of its document, which is still to come: for people alone. */
  doneSoFar(lines: () => readonly string[]): void {
    if (!this.json) {
      this.done(undefined, lines);
    }
  }

  /** Something worth knowing that nobody asked for. */
  note(line: string): void {
    if (!this.quiet) {
      process.stderr.write(`${line}\n`);
    }
  }

  /** Something went wrong. */
  problem(line: string): void {
    process.stderr.write(`${line}\n`);
  }
}

/** How to speak before the options have been read, or when they cannot be. */
export function roughOutput(argv: readonly string[]): Output {
  return new Output({ json: argv.includes('--json'), quiet: false, noColor: argv.includes('--no-color') });
}
