// What tests use of the inside of src/cli: the one place that names its files.
export { nodeWillDo } from '../../../src/cli/bin/node-version.ts';
export {
  GOODBYE_DEADLINE_MS,
  MAX_HISTORY_LINES,
  MAX_LOG_WAITING,
  MAX_MESSAGES_WAITING,
  MAX_NAMES,
  MAX_UNREAD,
} from '../../../src/cli/limits.ts';
export { rememberAccount } from '../../../src/cli/member/account.ts';
export {
  FirstContactError,
  GivenKeyError,
  InterruptedError,
  NotAuthenticatedError,
  NotRememberedError,
  OtherKeyGivenError,
} from '../../../src/cli/member/failures/errors.ts';
export { explain } from '../../../src/cli/member/failures/explain.ts';
export { whyClosed } from '../../../src/cli/member/failures/why-closed.ts';
export { commandHelp, mainHelp } from '../../../src/cli/member/help.ts';
export { CommandHistory, commandHistoryFile } from '../../../src/cli/member/interactive/command-history.ts';
export { complete } from '../../../src/cli/member/interactive/completion.ts';
export { showEvents } from '../../../src/cli/member/interactive/events.ts';
export { COMMAND_WORDS, type Line, parseLine } from '../../../src/cli/member/interactive/line.ts';
export { helpLines, promptText } from '../../../src/cli/member/interactive/menu.ts';
export { OnlineNames } from '../../../src/cli/member/interactive/online-names.ts';
export { newOrder, orderCommand } from '../../../src/cli/member/interactive/order.ts';
export type { Prompt } from '../../../src/cli/member/interactive/prompt.ts';
export { leave } from '../../../src/cli/member/leave.ts';
export { CLIENT_OPTIONS } from '../../../src/cli/member/options.ts';
export { COMMANDS } from '../../../src/cli/member/script/index.ts';
export { OPERATOR_COMMANDS } from '../../../src/cli/server/commands/index.ts';
export { unitFile } from '../../../src/cli/server/commands/unit.ts';
export { explain as explainToOperator } from '../../../src/cli/server/explain.ts';
export { operatorHelp, serverHelp } from '../../../src/cli/server/help.ts';
export { jsonLines } from '../../../src/cli/server/log/json-log.ts';
export { type LoggedEvent, logLine } from '../../../src/cli/server/log/log.ts';
export { LogWriter } from '../../../src/cli/server/log/log-writer.ts';
export { dataFolder, readServerOptions, SERVER_OPTIONS } from '../../../src/cli/server/options.ts';
export { ProgressLine } from '../../../src/cli/server/progress-line.ts';
export {
  type OptionTable,
  parseArguments,
  readChoice,
  readHex,
  readInteger,
  UsageError,
} from '../../../src/cli/shell/arguments.ts';
export { EXIT } from '../../../src/cli/shell/exit-status.ts';
export { readMemo } from '../../../src/cli/shell/inputs.ts';
export { LineWriter } from '../../../src/cli/shell/line-writer.ts';
export { nearest } from '../../../src/cli/shell/nearest.ts';
export { Output } from '../../../src/cli/shell/output.ts';
export { paint, wantsColour } from '../../../src/cli/text/colour.ts';
export { columns, fold } from '../../../src/cli/text/columns.ts';
export { csvLine, inertText } from '../../../src/cli/text/csv.ts';
export {
  amountText,
  balanceText,
  looksLikeAmount,
  parseAmount,
  toDecimal,
} from '../../../src/cli/text/money.ts';
export { printable, printableJson, quoted } from '../../../src/cli/text/printable.ts';
export * as words from '../../../src/cli/text/words.ts';
