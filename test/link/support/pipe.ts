import { chooseBackend, type KeyPair, keyPairFromSecret } from '../../../src/noise/index.ts';
import {
  Channel,
  type FinishedHandshake,
  FrameReader,
  InitiatorOpening,
  type InitiatorOptions,
  type Received,
  ResponderOpening,
  type ResponderOptions,
} from './internals.ts';

/** A fixed key pair for tests: 32 times the same byte as secret. */
export function testKeys(byte: number): KeyPair {
  return keyPairFromSecret(new Uint8Array(32).fill(byte));
}

/** Options that two honest sides could have; `with` what a test wants otherwise. */
export function initiatorOptions(over: Partial<InitiatorOptions> = {}): InitiatorOptions {
  return {
    purpose: 'server',
    staticKeys: testKeys(1),
    payload: bytes('from the initiator'),
    suite: 'XX',
    ...over,
  };
}

/** The responder's half of {@link initiatorOptions}. */
export function responderOptions(over: Partial<ResponderOptions> = {}): ResponderOptions {
  return { purpose: 'server', staticKeys: testKeys(2), payload: bytes('from the responder'), ...over };
}

/** UTF-8 bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes. */
export function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

/**
 * Runs a handshake over an in-memory pipe. `deliver` stands for the network: it is given each flight of bytes
 * and hands them on, whole, cut or changed.
 */
export function openBoth(
  initiatorWith: InitiatorOptions,
  responderWith: ResponderOptions,
  deliver: (flight: Uint8Array, from: 'initiator' | 'responder') => Iterable<Uint8Array> = (flight) => [
    flight,
  ],
): { initiator: FinishedHandshake; responder: FinishedHandshake; responderReader: FrameReader } {
  const sides = {
    initiator: { opening: new InitiatorOpening(initiatorWith), reader: new FrameReader() },
    responder: { opening: new ResponderOpening(responderWith), reader: new FrameReader() },
  };
  const finished: { initiator?: FinishedHandshake; responder?: FinishedHandshake } = {};
  const waiting: { to: 'initiator' | 'responder'; bytes: Uint8Array }[] = [];
  const advance = (side: 'initiator' | 'responder'): void => {
    const flight: Uint8Array[] = [];
    const progress = sides[side].opening.advance(sides[side].reader, (piece) => flight.push(piece));
    if (progress.state === 'finished') {
      finished[side] = progress.handshake;
    }
    const to = side === 'initiator' ? 'responder' : 'initiator';
    if (flight.length > 0) {
      for (const piece of deliver(Buffer.concat(flight), side)) {
        waiting.push({ to, bytes: piece });
      }
    }
    if (progress.state === 'refused' && waiting.length === 0) {
      throw progress.error;
    }
  };
  advance('initiator');
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (finished[next.to] !== undefined) {
      sides[next.to].reader.push(next.bytes);
      continue;
    }
    sides[next.to].reader.push(next.bytes);
    advance(next.to);
  }
  if (finished.initiator === undefined || finished.responder === undefined) {
    throw new Error('the handshake stands still');
  }
  return {
    initiator: finished.initiator,
    responder: finished.responder,
    responderReader: sides.responder.reader,
  };
}

/** Two channels that share keys, as after a handshake; cheap, for tests of what comes after it. */
export function channelPair(now = 0): { a: End; b: End } {
  const backend = chooseBackend();
  const { initiator, responder } = openBoth(initiatorOptions({ backend }), responderOptions({ backend }));
  return { a: new End(initiator, now), b: new End(responder, now) };
}

/** A channel with a reader of its own. */
export class End {
  readonly channel: Channel;
  readonly reader = new FrameReader();

  constructor(handshake: FinishedHandshake, now: number) {
    this.channel = new Channel(handshake.transport, now);
  }

  /** Reads everything that a chunk brings; bodies are copied. */
  read(chunk: Uint8Array, now = 0): Received[] {
    this.reader.push(chunk);
    const all: Received[] = [];
    for (;;) {
      const received = this.channel.receive(this.reader, now);
      if (received === undefined) {
        return all;
      }
      all.push(received.type === 'data' ? { type: 'data', body: received.body.slice() } : received);
    }
  }
}

/** What a channel writes at a flush. */
export function flushed(channel: Channel): Uint8Array {
  let written = new Uint8Array(0);
  channel.flush((frames, memory) => {
    written = Uint8Array.from(frames);
    memory.giveBack(false);
  });
  return written;
}
