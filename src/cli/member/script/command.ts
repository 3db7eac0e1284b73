import type { ExitStatus } from '../../shell/exit-status.ts';
import type { DescribedCommand } from '../../shell/help-page.ts';
import type { Output } from '../../shell/output.ts';
import type { ClientOptions, ClientValues, SpecialOption } from '../options.ts';

/** What a running command is given. */
export interface ScriptContext {
  /** Its words, as many as {@link ScriptCommand.words} allows. */
  readonly words: readonly string[];
  readonly values: ClientValues;
  readonly options: ClientOptions;
  readonly out: Output;
  /** Says which server (HOST:PORT) is being spoken to, for the message of an error. */
  readonly at: (server: string) => void;
  /** Says whose account it is about, for the same. */
  readonly as: (account: string) => void;
  /** Says which order (its id, 16 bytes) may have been given before, for the same. */
  readonly mayBeGiven: (order: Uint8Array) => void;
}

/**
 * Each command's file exports one as `run`.
 * @throws UsageError, and whatever the wallet and the profile throw
 */
export type Run = (context: ScriptContext) => Promise<ExitStatus>;

/** A command as the help shows it. Its code is loaded only when it runs. */
export interface ScriptCommand extends DescribedCommand {
  readonly options: readonly SpecialOption[];
  readonly load: () => Promise<{ readonly run: Run }>;
}
