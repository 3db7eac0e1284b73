import assert from 'node:assert/strict';
import { type CipherState, generateKeyPair, HandshakeState, type KeyPair } from '../../../src/noise/index.ts';
import { decodeMessage, encodeAgent, encodeRequest, type Response } from '../../../src/protocol/index.ts';
import {
  encodeFrame,
  encodePrelude,
  FRAME_HEADER,
  frameRecord,
  KIND,
  type Kind,
  type Purpose,
  paddedLength,
  RECORD_HEADER,
  REKEY_INTERVAL,
  readLength,
  SUITES,
  type Suite,
  TAG_LENGTH,
  writeLength,
} from '../../link/support/internals.ts';
import { Stranger } from './stranger.ts';
import type { Target } from './target.ts';

const NOTHING = new Uint8Array(0);

/** What somebody brings to a handshake made by hand. */
export interface HandOptions {
  readonly keys?: KeyPair;
  readonly suite?: Suite;
  readonly purpose?: Purpose;
  /** What they hash in the place of the prelude that they send. */
  readonly prologue?: Uint8Array;
}

/** The initiator's side of a handshake, message by message, for those who do not keep to it. */
export class Hand {
  readonly keys: KeyPair;
  readonly prelude: Uint8Array;
  readonly #handshake: HandshakeState;

  constructor({ keys = generateKeyPair(), suite = 'XX', purpose = 'server', prologue }: HandOptions = {}) {
    this.keys = keys;
    this.prelude = encodePrelude(suite, purpose);
    this.#handshake = new HandshakeState({
      protocol: SUITES[suite].protocol,
      initiator: true,
      prologue: prologue ?? this.prelude,
      staticKeys: keys,
    });
  }

  /** Message 1 in its frame. */
  one(): Buffer {
    return Buffer.from(encodeFrame(this.#handshake.writeMessage(NOTHING)));
  }

  /** Reads message 2. @throws NoiseError */
  two(message: Uint8Array): void {
    this.#handshake.readMessage(message);
  }

  /** Message 3 in its frame. */
  three(payload: Uint8Array = encodeAgent('intruder/1')): Buffer {
    return Buffer.from(encodeFrame(this.#handshake.writeMessage(payload)));
  }

  /** The ciphers of both directions. */
  finish(): { send: CipherState; receive: CipherState } {
    return this.#handshake.finish();
  }
}

/** A frame of the server's: its body, or undefined when the stream ends first. */
export async function takeFrame(stranger: Stranger): Promise<Buffer | undefined> {
  const header = await stranger.take(2);
  return header && stranger.take(readLength(header, 0));
}

/** One direction of a link: a cipher that is rekeyed where the wire says so. */
export class Direction {
  readonly cipher: CipherState;
  #records = 0;

  constructor(cipher: CipherState) {
    this.cipher = cipher;
  }

  seal(record: Uint8Array): Buffer {
    const frame = Buffer.from(encodeFrame(this.cipher.seal(NOTHING, record)));
    this.#count();
    return frame;
  }

  /** The frames of many records that are the same. */
  sealMany(record: Uint8Array, count: number): Buffer {
    const length = record.length + TAG_LENGTH;
    const frames = Buffer.alloc(count * (FRAME_HEADER + length));
    for (let at = 0; at < frames.length; at += FRAME_HEADER + length) {
      writeLength(frames, at, length);
      this.cipher.sealInto(NOTHING, record, frames.subarray(at + FRAME_HEADER));
      this.#count();
    }
    return frames;
  }

  open(sealed: Uint8Array): Uint8Array {
    const record = this.cipher.open(NOTHING, sealed);
    this.#count();
    return record;
  }

  #count(): void {
    this.#records += 1;
    if (this.#records % REKEY_INTERVAL === 0) {
      this.cipher.rekey();
    }
  }
}

/** An honest record, before it is sealed. */
export function record(kind: Kind, body: Uint8Array = NOTHING): Uint8Array {
  const bytes = new Uint8Array(paddedLength(body.length));
  bytes.set(body, RECORD_HEADER);
  frameRecord(bytes, kind, body.length);
  return bytes;
}

/** What the server says in one record. */
export interface Heard {
  readonly kind: number;
  readonly body: Buffer;
}

/** Somebody who has finished a handshake with the server, and writes every record by hand. */
export class Intruder {
  readonly stranger: Stranger;
  readonly keys: KeyPair;
  readonly sending: Direction;
  readonly receiving: Direction;
  /** Notifications, as method and parameters. */
  readonly told: [string, Readonly<Record<string, unknown>>][] = [];
  /** Their account, where they have one. */
  name = '';
  #answers: Response[] = [];
  #ids = 0;

  /** Takes over after message 3. */
  constructor(stranger: Stranger, hand: Hand) {
    const { send, receive } = hand.finish();
    this.stranger = stranger;
    this.keys = hand.keys;
    this.sending = new Direction(send);
    this.receiving = new Direction(receive);
  }

  /**
   * Connects, and goes through the handshake as one should. Message 3 waits for the first record unless
   * `flush`.
   */
  static async open(
    target: Target,
    { payload, from, ...options }: HandOptions & { payload?: Uint8Array; from?: string } = {},
  ): Promise<Intruder> {
    const stranger = await Stranger.connect(target, from);
    const hand = new Hand(options);
    await stranger.send(hand.prelude, hand.one());
    const two = await takeFrame(stranger);
    assert.ok(two !== undefined, 'the server answers message 1');
    hand.two(two);
    await stranger.send(hand.three(payload));
    return new Intruder(stranger, hand);
  }

  /** One who is logged in under a name that nobody has. */
  static async member(target: Target, name: string, options: HandOptions = {}): Promise<Intruder> {
    const intruder = await Intruder.open(target, options);
    assert.equal(codeOf(await intruder.ask('register', { name })), 100);
    assert.equal(codeOf(await intruder.ask('login', { name, port: 0 })), 100);
    intruder.name = name;
    return intruder;
  }

  /** How many payments they have made, asked on a new link of theirs. */
  async payments(target: Target): Promise<number> {
    const again = await Intruder.open(target, { keys: this.keys });
    assert.equal(codeOf(await again.ask('login', { name: this.name, port: 0 })), 100);
    const transfers = resultOf(await again.ask('history'))['transfers'] as readonly {
      readonly from: string;
    }[];
    await again.exit();
    return transfers.filter(({ from }) => from === this.name).length;
  }

  /** The frame of a DATA record with that body. */
  data(...messages: readonly Uint8Array[]): Buffer {
    return this.sending.seal(record('data', Buffer.concat(messages)));
  }

  /** The frame of another record. */
  control(kind: Exclude<Kind, 'data'>): Buffer {
    return this.sending.seal(record(kind));
  }

  send(...frames: readonly Uint8Array[]): Promise<void> {
    return this.stranger.send(...frames);
  }

  /** The next record of the server; undefined when the stream ends first. */
  async hear(): Promise<Heard | undefined> {
    const sealed = await takeFrame(this.stranger);
    if (sealed === undefined) {
      return undefined;
    }
    const bytes = Buffer.from(this.receiving.open(sealed));
    return {
      kind: bytes[0] ?? -1,
      body: bytes.subarray(RECORD_HEADER, RECORD_HEADER + bytes.readUInt16BE(1)),
    };
  }

  /** The next answer, whichever request it is to; undefined when the stream ends first. */
  async answer(): Promise<Response | undefined> {
    for (;;) {
      const known = this.#answers.shift();
      if (known !== undefined) {
        return known;
      }
      const heard = await this.hear();
      if (heard === undefined) {
        return undefined;
      }
      if (heard.kind === KIND.data) {
        this.#read(heard.body);
      }
    }
  }

  /** Asks, and returns the answer, which must be the next to come. */
  async ask(method: string, params: object = {}): Promise<Response> {
    const id = ++this.#ids;
    await this.send(this.data(encodeRequest(id, method, params)));
    const answer = await this.answer();
    assert.ok(answer !== undefined, `the link ended before the answer to ${method}`);
    assert.equal(answer.id, id);
    return answer;
  }

  /** Takes leave as one should. */
  async exit(): Promise<void> {
    const answer = await this.ask('exit');
    assert.equal(answer.result?.['text'], 'Bye!');
    assert.equal((await this.hear())?.kind, KIND.close);
    await this.send(this.control('close'));
    await this.stranger.assertClosed({ reason: 'closed' });
  }

  /** Waits until the server ends the link, for that reason and without another word. */
  assertClosed(reason: string | readonly string[]): Promise<void> {
    return this.stranger.assertClosed({ reason });
  }

  #read(body: Uint8Array): void {
    for (let at = 0; at < body.length; ) {
      const { message, end } = decodeMessage(body, at);
      if (message.type === 'response') {
        this.#answers.push(message);
      } else if (message.type === 'notification') {
        this.told.push([message.method, message.params]);
      }
      at = end;
    }
  }
}

/** The error code of an answer, or 100; undefined where none came. */
export function codeOf(response: Response | undefined): number | undefined {
  return response === undefined ? undefined : (response.error?.code ?? 100);
}

/** What an answer says that is no refusal. */
export function resultOf(response: Response | undefined): Readonly<Record<string, unknown>> {
  assert.equal(codeOf(response), 100);
  return response?.result ?? {};
}
