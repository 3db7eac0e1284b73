import assert from 'node:assert/strict';
import { CipherState, NoiseError } from '../../../src/noise/index.ts';
import { Channel, encodeFrame, FrameReader, LinkError } from '../../link/support/internals.ts';
import { flushed } from '../../link/support/pipe.ts';
import { PaperAead } from '../paper-backend.ts';
import type { Target } from '../target.ts';
import { readPlainly } from './record.ts';

const aead = new PaperAead();
const NO_DATA = new Uint8Array(0);
const KEY_THERE = new Uint8Array(32).fill(1);
const KEY_BACK = new Uint8Array(32).fill(2);

/** The step that brings a rekey near: one byte of 256, since it costs as much as a thousand others. */
const MANY = 0xf5;

/** The numbers of the specification, written here once more. */
const REKEY_AFTER = 1_024;
const PING_AFTER_MS = 20_000;
const IDLE_LIMIT_MS = 60_000;

/**
 * One direction as the other side has it: seals any plaintext, opens what was sealed, keeps up with the
 * rekeying.
 */
class Far {
  readonly #cipher: CipherState;
  #records = 0;

  constructor(key: Uint8Array) {
    this.#cipher = new CipherState(aead, key);
  }

  seal(plaintext: Uint8Array): Uint8Array {
    return this.#counted(this.#cipher.seal(NO_DATA, plaintext));
  }

  open(sealed: Uint8Array): Uint8Array {
    return this.#counted(this.#cipher.open(NO_DATA, sealed));
  }

  /** Takes it that the first so many records have been sealed elsewhere. False when some were sealed here. */
  passOver(records: number): boolean {
    if (this.#records > 0) {
      return false;
    }
    this.#records = records;
    this.#cipher.setNonce(records);
    return true;
  }

  #counted(bytes: Uint8Array): Uint8Array {
    if (++this.#records % REKEY_AFTER === 0) {
      this.#cipher.rekey();
    }
    return bytes;
  }
}

/** Records that ask for nothing, up to the last but one before a rekey; sealed once, since it takes long. */
const MANY_RECORDS = REKEY_AFTER - 2;
const MANY_FRAMES = manyFrames();

function manyFrames(): Uint8Array {
  const far = new Far(KEY_THERE);
  return Buffer.concat(
    Array.from({ length: MANY_RECORDS }, () => encodeFrame(far.seal(Uint8Array.of(3, 0, 0)))),
  );
}

/** Reads an input as a list of steps: a byte for what to do, then what it is done with. */
class Script {
  readonly #input: Uint8Array;
  #at = 0;

  constructor(input: Uint8Array) {
    this.#input = input;
  }

  get more(): boolean {
    return this.#at < this.#input.length;
  }

  byte(): number {
    return this.#input[this.#at++] ?? 0;
  }

  bytes(count: number): Uint8Array {
    const bytes = this.#input.slice(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }
}

/** A record as it should be, of any kind, with any padding. */
function goodRecord(script: Script): Uint8Array {
  const kind = script.byte() % 4;
  const body = script.bytes(kind === 0 ? script.byte() : 0);
  return Uint8Array.of(kind, 0, body.length, ...body, ...new Uint8Array(script.byte()));
}

/** A channel, the far side of it, and what the specification says must come of every step. */
class Play {
  readonly #there = new Far(KEY_THERE);
  readonly #back = new Far(KEY_BACK);
  readonly #reader = new FrameReader();
  readonly #channel: Channel;
  readonly #chunk: number;
  readonly #sent: Uint8Array[] = [];
  #now = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #pongs = 0;
  #pingDue = false;
  #closing = false;
  #closeSent = false;
  #closeReceived = false;
  #error: string | undefined;

  constructor(chunk: number) {
    this.#chunk = chunk;
    const [send, receive] = [new CipherState(aead, KEY_BACK), new CipherState(aead, KEY_THERE)];
    const nothing = new Uint8Array(32);
    this.#channel = new Channel({ send, receive, handshakeHash: nothing, remoteStaticKey: nothing }, 0);
  }

  /** True once the channel has failed. */
  get over(): boolean {
    return this.#error !== undefined;
  }

  step(script: Script): void {
    const what = script.byte();
    if (what === MANY) {
      this.#receiveMany();
    } else if (what % 9 === 0) {
      this.#receive(script.bytes(script.byte()));
    } else if (what % 9 === 1 || what % 9 === 2) {
      this.#receive(goodRecord(script));
    } else if (what % 9 === 3) {
      this.#receiveDamaged(script.bytes(script.byte()), script.byte());
    } else if (what % 9 === 4) {
      this.#receiveFrame(script.bytes(script.byte()));
    } else if (what % 9 === 5) {
      this.#send(script);
    } else if (what % 9 === 6) {
      this.#flush();
    } else if (what % 9 === 7) {
      this.#close();
    } else {
      this.#tick(script.byte() * 250);
    }
  }

  /**
   * Everything that is left is flushed, and the channel says of itself what it should. Returns how it ended.
   */
  end(): string {
    if (this.#error !== undefined) {
      return this.#error;
    }
    this.#flush();
    assert.equal(this.#channel.closeReceived, this.#closeReceived);
    assert.equal(this.#channel.finished, this.#closeReceived && this.#closing);
    assert.equal(this.#channel.queued, 0);
    return `closed ${this.#closeReceived} ${this.#closing}`;
  }

  /** A record of the far side, whatever is in it. */
  #receive(plaintext: Uint8Array): void {
    const frame = encodeFrame(this.#there.seal(plaintext));
    const record = readPlainly(plaintext);
    if (plaintext.length < 3) {
      this.#breaks(frame, 'bad_frame');
    } else if (record === undefined || this.#closeReceived) {
      this.#breaks(frame, 'bad_record');
    } else {
      this.#heardAt = this.#now;
      const heard = this.#read(frame);
      const isSilent = record.kind === 'ping' || record.kind === 'pong';
      assert.deepEqual(heard, isSilent ? [] : [record.kind === 'data' ? record.body : 'close']);
      if (record.kind === 'close') {
        this.#closeReceived = true;
      }
      if (record.kind === 'ping' && !this.#closing) {
        this.#pongs++;
      }
    }
  }

  /** A record that was changed on its way. */
  #receiveDamaged(plaintext: Uint8Array, bit: number): void {
    if (plaintext.length < 3) {
      return;
    }
    const sealed = this.#there.seal(plaintext);
    const at = (bit >>> 3) % sealed.length;
    sealed[at] = (sealed[at] ?? 0) ^ (1 << (bit & 7));
    this.#breaks(encodeFrame(sealed), this.#closeReceived ? 'bad_record' : 'decrypt_failed');
  }

  /** Bytes that nobody sealed. */
  #receiveFrame(body: Uint8Array): void {
    const code = this.#closeReceived ? 'bad_record' : 'decrypt_failed';
    this.#breaks(encodeFrame(body), body.length < 19 ? 'bad_frame' : code);
  }

  /** So many records at the very beginning that the next cross the boundary at which both sides rekey. */
  #receiveMany(): void {
    if (!this.#there.passOver(MANY_RECORDS)) {
      return;
    }
    this.#reader.push(MANY_FRAMES);
    assert.equal(this.#channel.receive(this.#reader, this.#now), undefined);
    this.#heardAt = this.#now;
  }

  #close(): void {
    this.#channel.close();
    this.#closing = true;
  }

  /** A message, of which one in many is as long as messages get. */
  #send(script: Script): void {
    const [small, scale] = [script.byte(), script.byte()];
    const length = scale < 0xf0 ? small : small * 256 + 236;
    if (length === 0) {
      return;
    }
    const message = new Uint8Array(length).fill(length);
    this.#channel.send(message);
    if (!this.#closing) {
      this.#sent.push(message);
    }
  }

  /** What is flushed opens on the far side as exactly what it must: messages, answers, a PING, CLOSE. */
  #flush(): void {
    const reader = new FrameReader();
    reader.push(flushed(this.#channel));
    const kinds: string[] = [];
    const bodies: Uint8Array[] = [];
    for (let frame = reader.body(0, 65_535); frame !== undefined; frame = reader.body(0, 65_535)) {
      assert.ok(isPadded(frame.length - 16), `a record of ${frame.length - 16} bytes`);
      const record = readPlainly(this.#back.open(frame));
      assert.ok(record !== undefined);
      if (record.kind === 'data') {
        bodies.push(record.body);
      } else {
        kinds.push(record.kind);
      }
    }
    assert.ok(Buffer.concat(bodies).equals(Buffer.concat(this.#sent)));
    const expected = this.#closeSent ? [] : new Array<string>(this.#pongs).fill('pong');
    if (this.#pingDue && !this.#closing) {
      expected.push('ping');
    }
    if (this.#closing && !this.#closeSent) {
      expected.push('close');
    }
    assert.deepEqual(kinds, expected);
    this.#closeSent = this.#closing;
    this.#pongs = 0;
    this.#pingDue = false;
    this.#sent.length = 0;
  }

  #tick(elapsed: number): void {
    this.#now += elapsed;
    if (this.#now - this.#heardAt >= IDLE_LIMIT_MS) {
      assert.throws(() => this.#channel.tick(this.#now), isLinkError('idle_timeout'));
      this.#isDead('idle_timeout');
      return;
    }
    this.#channel.tick(this.#now);
    if (this.#now - Math.max(this.#heardAt, this.#pingedAt) < PING_AFTER_MS) {
      return;
    }
    this.#pingedAt = this.#now;
    this.#pingDue = true;
  }

  #read(frame: Uint8Array): (Uint8Array | 'close')[] {
    const heard: (Uint8Array | 'close')[] = [];
    for (let at = 0; at < frame.length; at += this.#chunk) {
      this.#reader.push(frame.slice(at, at + this.#chunk));
      for (;;) {
        const next = this.#channel.receive(this.#reader, this.#now);
        if (next === undefined) {
          break;
        }
        heard.push(next.type === 'data' ? next.body.slice() : 'close');
      }
    }
    return heard;
  }

  #breaks(frame: Uint8Array, code: string): void {
    assert.throws(() => this.#read(frame), isLinkError(code));
    this.#isDead(code);
  }

  /** Failure is terminal, in both directions. */
  #isDead(code: string): void {
    this.#error = code;
    const reader = new FrameReader();
    reader.push(encodeFrame(this.#there.seal(Uint8Array.of(2, 0, 0))));
    assert.throws(() => this.#channel.receive(reader, this.#now), LinkError);
    this.#channel.send(Uint8Array.of(1));
    if (this.#channel.dirty && !this.#closeSent) {
      assert.throws(() => flushed(this.#channel), NoiseError);
    } else {
      assert.equal(flushed(this.#channel).length, 0);
    }
  }
}

function isLinkError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof LinkError && error.code === code;
}

function isPadded(length: number): boolean {
  return [64, 128, 256, 512].includes(length) || (length % 1_024 === 0 && length > 0) || length === 65_519;
}

/**
 * Records past their encryption: an input is what an authenticated far side does, with anything in its
 * records.
 */
export const channel: Target = {
  name: 'channel',
  covers: ['link/records/channel.ts', 'link/records/record.ts', 'link/frame.ts'],
  maxLength: 1_024,
  dictionary: [
    Uint8Array.of(1, 0, 2, 7, 9, 59),
    Uint8Array.of(1, 1, 0),
    Uint8Array.of(1, 2, 61),
    Uint8Array.of(1, 3, 61),
    Uint8Array.of(8, 80),
    Uint8Array.of(MANY),
    Uint8Array.of(5, 255, 255, 5, 1, 1, 6),
    Uint8Array.of(7, 6),
  ],
  seeds: [
    Uint8Array.of(200, 1, 0, 2, 7, 9, 59, 1, 2, 61, 6, 5, 9, 9, 7, 6, 1, 1, 0),
    Uint8Array.of(50, MANY, 1, 0, 1, 7, 0, 1, 0, 1, 8, 0, 1, 0, 1, 9, 0),
    Uint8Array.of(9, 8, 80, 6, 8, 80, 6, 8, 80),
    Uint8Array.of(0, 3, 5, 0, 0, 2, 7, 9, 100),
  ],
  run(input) {
    const script = new Script(input);
    const play = new Play(1 + script.byte());
    while (script.more && !play.over) {
      play.step(script);
    }
    return play.end();
  },
};
