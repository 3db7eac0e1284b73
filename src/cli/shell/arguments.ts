import { parseArgs } from 'node:util';
import { nearest } from './nearest.ts';

/** One option of a program. */
export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** How its value is called in the help. */
  readonly value?: string;
  /** One line of help. */
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** The values given, by the option's name. An option given twice has its last value. */
export type OptionValues<T extends OptionTable> = {
  readonly [K in keyof T]?: T[K]['type'] extends 'boolean' ? true : string;
};

export interface ParsedArguments<T extends OptionTable> {
  readonly values: OptionValues<T>;
  readonly positionals: readonly string[];
}

/** A mistake on the command line. `advice` says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}

/**
 * Sorts the words of a command line into options and the rest. `--` ends the options.
 * @throws UsageError for an option that is not in the table, lacks its value, or has one that it does not
 * take
 */
export function parseArguments<T extends OptionTable>(argv: readonly string[], table: T): ParsedArguments<T> {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | true> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      positionals.push(token.value);
    }
    if (token.kind === 'option') {
      values[token.name] = optionValue(token, table);
    }
  }
  return { values: values as OptionValues<T>, positionals };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionValue(token: OptionToken, table: OptionTable): string | true {
  const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
  if (spec === undefined) {
    throw unknownOption(token.rawName, Object.keys(table));
  }
  if (spec.type === 'boolean') {
    if (token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value`);
    }
    return true;
  }
  if (token.value === undefined) {
    throw new UsageError(`${token.rawName} needs a value: ${spec.value}`);
  }
  // Where the value was forgotten, the next option would be taken for it.
  if (token.inlineValue === false && token.value.startsWith('-') && token.value !== '-') {
    throw new UsageError(
      `${token.rawName} needs a value: ${spec.value}`,
      `A value that begins with - is written ${token.rawName}=${token.value}`,
    );
  }
  return token.value;
}

function unknownOption(rawName: string, names: readonly string[]): UsageError {
  if (/^-[0-9]/.test(rawName)) {
    return new UsageError(`there is no option ${rawName}`, 'Amounts and numbers are written without a sign.');
  }
  const near = nearest(rawName.replace(/^-+/, ''), names);
  return new UsageError(
    `there is no option ${rawName}`,
    near === undefined ? undefined : `Did you mean --${near}?`,
  );
}

/** A whole number between `least` and `most`. @throws UsageError */
export function readInteger(text: string, what: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^[0-9]{1,16}$/.test(text) || value < least || value > most) {
    throw new UsageError(`${what} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

/** One of a few words, whatever their case. @throws UsageError */
export function readChoice<const C extends string>(text: string, what: string, choices: readonly C[]): C {
  const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (found === undefined) {
    throw new UsageError(`${what} must be ${choices.join(' or ')}, not "${text}"`);
  }
  return found;
}

/** Bytes written as hex digits. @throws UsageError */
export function readHex(text: string, what: string, bytes: number): Uint8Array {
  const digits = text.replace(/[\s:-]/g, '');
  if (!/^[0-9a-fA-F]*$/.test(digits) || digits.length !== 2 * bytes) {
    throw new UsageError(`${what} must be ${2 * bytes} hex digits`);
  }
  return new Uint8Array(Buffer.from(digits, 'hex'));
}
