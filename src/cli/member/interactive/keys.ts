import { Transform, type TransformCallback } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';

/**
 * The keys of a terminal, one at a time. Readline takes several that come at once for a paste, and after a
 * paste it no longer knows in which row of a long line its cursor is: the next key would then draw the line
 * in the wrong place.
 */
export class Keys extends Transform {
  readonly #terminal: ReadStream;
  readonly #decoder = new StringDecoder('utf8');

  constructor(terminal: ReadStream) {
    // In object mode, keys that are queued are not joined to one chunk.
    super({ readableObjectMode: true });
    this.#terminal = terminal;
    terminal.pipe(this);
  }

  /** For readline, which wants every key as soon as it is pressed. */
  setRawMode(raw: boolean): void {
    this.#terminal.setRawMode(raw);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const keys = [...this.#decoder.write(chunk)];
    for (const key of keys) {
      // A tab amid others was pasted: it is a blank, not a request for completion.
      this.push(Buffer.from(key === '\t' && keys.length > 1 ? ' ' : key));
    }
    done();
  }
}
