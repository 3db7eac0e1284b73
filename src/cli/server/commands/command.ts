import type { ExitStatus } from '../../shell/exit-status.ts';
import type { DescribedCommand } from '../../shell/help-page.ts';
import type { Output } from '../../shell/output.ts';
import type { CommandOption, OperatorValues, TakesOptions } from '../options.ts';

/** What a running command of the operator is given. */
export interface OperatorContext {
  /** Its words, as many as {@link OperatorCommand.words} says. */
  readonly words: readonly string[];
  readonly values: OperatorValues;
  /** Where key and books are kept, an absolute path. */
  readonly dataDir: string;
  readonly out: Output;
}

/** Each command's file exports one as `run`. @throws UsageError, ServerError */
export type OperatorRun = (context: OperatorContext) => Promise<ExitStatus>;

/** A command of `farthing-server` as the help shows it. Its code is loaded only when it runs. */
export interface OperatorCommand extends DescribedCommand, TakesOptions {
  /** Options without which there is nothing to do. */
  readonly required?: readonly CommandOption[];
  readonly load: () => Promise<{ readonly run: OperatorRun }>;
}
