import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { ByteStream } from './byte-stream.ts';
import type { ForeignNoise, ForeignTransport, HandshakeSetup } from './foreign.ts';

/** "FRTH", version 1, suite XX, purpose "peer to peer". */
const PRELUDE = Uint8Array.of(0x46, 0x52, 0x54, 0x48, 1, 1, 2);
const PROTOCOL = 'Noise_XX_25519_ChaChaPoly_SHA256';
const REKEY_INTERVAL = 1_024;

export const DATA = 0;
export const CLOSE = 1;
export const PING = 2;
export const PONG = 3;

export interface PeerOptions {
  readonly noise: ForeignNoise;
  readonly staticKeys: HandshakeSetup['staticKeys'];
  readonly payload: Uint8Array;
}

/**
 * A whole peer as a stranger would write it: the wire from its description alone, no code of this project;
 * the Noise part from a foreign library.
 */
export class ForeignPeer {
  readonly transport: ForeignTransport;
  readonly remotePayload: Uint8Array;
  readonly #stream: ByteStream;
  #sent = 0;
  #received = 0;

  private constructor(stream: ByteStream, transport: ForeignTransport, remotePayload: Uint8Array) {
    this.#stream = stream;
    this.transport = transport;
    this.remotePayload = remotePayload;
  }

  static async initiate(socket: Socket, { noise, staticKeys, payload }: PeerOptions): Promise<ForeignPeer> {
    const stream = new ByteStream(socket);
    const setup = { protocol: PROTOCOL, initiator: true, prologue: PRELUDE, staticKeys };
    const handshake = noise.handshake(setup);
    stream.write(PRELUDE);
    stream.writeFrame(handshake.writeMessage(new Uint8Array(0)));
    const remotePayload = handshake.readMessage(await stream.readFrame());
    stream.writeFrame(handshake.writeMessage(payload));
    return new ForeignPeer(stream, handshake.finish(), remotePayload);
  }

  static async respond(socket: Socket, { noise, staticKeys, payload }: PeerOptions): Promise<ForeignPeer> {
    const stream = new ByteStream(socket);
    const prelude = await stream.read(PRELUDE.length);
    assert.deepEqual(Uint8Array.from(prelude), PRELUDE);
    const setup = { protocol: PROTOCOL, initiator: false, prologue: prelude, staticKeys };
    const handshake = noise.handshake(setup);
    const first = await stream.readFrame();
    assert.equal(first.length, 32);
    assert.equal(handshake.readMessage(first).length, 0);
    stream.writeFrame(handshake.writeMessage(payload));
    const remotePayload = handshake.readMessage(await stream.readFrame());
    return new ForeignPeer(stream, handshake.finish(), remotePayload);
  }

  /** Sends a record. */
  send(kind: number, body: Uint8Array = new Uint8Array(0)): void {
    const record = Buffer.alloc(paddedLength(3 + body.length));
    record.writeUInt8(kind, 0);
    record.writeUInt16BE(body.length, 1);
    record.set(body, 3);
    this.#stream.writeFrame(this.transport.send.seal(record));
    if (++this.#sent % REKEY_INTERVAL === 0) {
      this.transport.send.rekey();
    }
  }

  /** The next record; how it is padded is checked too. */
  async receive(): Promise<{ kind: number; body: Buffer }> {
    const record = Buffer.from(this.transport.receive.open(await this.#stream.readFrame()));
    if (++this.#received % REKEY_INTERVAL === 0) {
      this.transport.receive.rekey();
    }
    const end = 3 + record.readUInt16BE(1);
    assert.equal(record.length, paddedLength(end));
    assert.ok(record.subarray(end).every((byte) => byte === 0));
    return { kind: record.readUInt8(0), body: record.subarray(3, end) };
  }

  /** As many bytes of DATA as are expected, from however many records. */
  async receiveData(length: number): Promise<Buffer> {
    const bodies: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const { kind, body } = await this.receive();
      assert.equal(kind, DATA);
      bodies.push(body);
      missing -= body.length;
    }
    return Buffer.concat(bodies);
  }

  /** Ends the TCP stream; true when the other side had nothing more to say. */
  end(): Promise<boolean> {
    return this.#stream.end();
  }
}

function paddedLength(length: number): number {
  const small = [64, 128, 256, 512, 1_024].find((size) => length <= size);
  return small ?? Math.min(Math.ceil(length / 1_024) * 1_024, 65_519);
}
