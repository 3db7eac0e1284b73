import assert from 'node:assert/strict';

/**
 * As much of a terminal as the programs use: text, line feeds, and the few movements that Node's readline
 * makes. Endlessly high, so that what has scrolled away can still be looked at. An unknown sequence is an
 * error: a program that begins to use one must have it modelled here first.
 */
export class ScreenModel {
  readonly #columns: number;
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #rest = '';

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Takes what a program writes, cut anywhere. */
  write(data: string): void {
    const text = this.#rest + data;
    let at = 0;
    while (at < text.length) {
      const length = this.#take(text.slice(at));
      if (length === 0) {
        break;
      }
      at += length;
    }
    this.#rest = text.slice(at);
  }

  /** The last lines, the one with the cursor and those below it included, blanks at their ends left out. */
  bottom(count: number): string[] {
    return this.#text().slice(-count);
  }

  toString(): string {
    return this.#text().join('\n');
  }

  #text(): string[] {
    const lines = this.#lines.map((line) =>
      Array.from(line, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
    while (lines.length > this.#row + 1 && lines.at(-1) === '') {
      lines.pop();
    }
    return lines;
  }

  /** Takes one character or sequence. @returns its length, or 0 when more has to come */
  #take(text: string): number {
    if (text.startsWith('\x1b')) {
      return this.#takeSequence(text);
    }
    const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
    if (character === '\r') {
      this.#column = 0;
    } else if (character === '\n') {
      this.#down();
    } else if (character === '\b') {
      this.#column = Math.max(0, this.#column - 1);
    } else if (character !== '\x07') {
      this.#put(character);
    }
    return character.length;
  }

  #put(character: string): void {
    assert(character >= ' ' && character !== '\x7f', `control character ${JSON.stringify(character)}`);
    if (this.#column === this.#columns) {
      this.#down();
      this.#column = 0;
    }
    const line = this.#line();
    while (line.length < this.#column) {
      line.push(' ');
    }
    line[this.#column] = character;
    this.#column += 1;
  }

  #takeSequence(text: string): number {
    const complete = SEQUENCE.exec(text);
    if (complete === null) {
      assert(text.length < 16, `unknown sequence ${JSON.stringify(text)}`);
      return 0;
    }
    const [all, digits = '', final = ''] = complete;
    this.#act(final, digits === '' ? undefined : Number(digits.split(';')[0]), all);
    return all.length;
  }

  #act(final: string, argument: number | undefined, all: string): void {
    const count = argument ?? 1;
    if (final === 'A') {
      this.#row = Math.max(0, this.#row - count);
    } else if (final === 'B') {
      this.#row += count;
    } else if (final === 'C') {
      this.#column = Math.min(this.#columns - 1, this.#column + count);
    } else if (final === 'D') {
      this.#column = Math.max(0, this.#column - count);
    } else if (final === 'G') {
      this.#column = count - 1;
    } else if (final === 'J') {
      this.#clearDown(argument ?? 0);
    } else if (final === 'K') {
      this.#line().length = Math.min(this.#line().length, this.#column);
    } else {
      assert(final === 'm' || final === 'h' || final === 'l', `unknown sequence ${JSON.stringify(all)}`);
    }
  }

  #clearDown(mode: number): void {
    assert(mode === 0, 'only clearing downwards is modelled');
    this.#line().length = Math.min(this.#line().length, this.#column);
    this.#lines.length = this.#row + 1;
  }

  #down(): void {
    this.#row += 1;
    this.#line();
  }

  #line(): string[] {
    for (;;) {
      const line = this.#lines[this.#row];
      if (line !== undefined) {
        return line;
      }
      this.#lines.push([]);
    }
  }
}

const ESCAPE = '\\u001b';
const SEQUENCE = new RegExp(`^${ESCAPE}\\[\\??([0-9;]*)([A-Za-z])`);
