import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { HandshakeState, type ProtocolName, protocolOf } from '../../src/noise/index.ts';
import { bytes, testKeys } from '../link/support/pipe.ts';
import { needsStatic, PATTERN_NAMES, senderOf } from '../noise/support/internals.ts';
import { ByteStream } from './byte-stream.ts';
import type { ForeignHandshake, ForeignTransport } from './foreign.ts';
import { loadNoiseC } from './noise-c.ts';

const noiseC = await loadNoiseC();
const HASHES = ['SHA256', 'SHA512', 'BLAKE2s', 'BLAKE2b'];
const KEYS = { initiator: testKeys(1), responder: testKeys(2) };
const PROLOGUE = bytes('a prologue');

/** Every name that both sides support. */
const shared = PATTERN_NAMES.flatMap((pattern) =>
  HASHES.map((hash) => `Noise_${pattern}_25519_ChaChaPoly_${hash}` as const),
).filter((name) => supported(() => protocolOf(name)) && supported(() => theirs(name, true)));

function supported(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** The other side's static public key, where the pattern has it known beforehand. */
function knownKey(protocol: ProtocolName, initiator: boolean): { remoteStaticKey?: Uint8Array } {
  const role = initiator ? 'responder' : 'initiator';
  const { known } = protocolOf(protocol).pattern;
  return known.includes(role) ? { remoteStaticKey: KEYS[role].publicKey } : {};
}

function setup(protocol: ProtocolName, initiator: boolean) {
  const staticKeys = initiator ? KEYS.initiator : KEYS.responder;
  return { protocol, initiator, prologue: PROLOGUE, staticKeys, ...knownKey(protocol, initiator) };
}

function theirs(protocol: ProtocolName, initiator: boolean): ForeignHandshake {
  return noiseC.handshake(setup(protocol, initiator));
}

/** Our side, in the words of the foreign ones. */
function ours(protocol: ProtocolName, initiator: boolean): ForeignHandshake {
  const state = new HandshakeState(setup(protocol, initiator));
  const noAd = new Uint8Array(0);
  return {
    writeMessage: (payload) => state.writeMessage(payload),
    readMessage: (message) => state.readMessage(message),
    finish() {
      const { send, receive, ...agreed } = state.finish();
      const cipher = (of: typeof send) => ({
        seal: (plaintext: Uint8Array) => of.seal(noAd, plaintext),
        open: (ciphertext: Uint8Array) => of.open(noAd, ciphertext),
        rekey: () => of.rekey(),
      });
      return { send: cipher(send), receive: cipher(receive), ...agreed };
    },
  };
}

/** One side's part of a handshake and of four transport messages over TCP, each in a frame. */
async function play(
  protocol: ProtocolName,
  initiator: boolean,
  handshake: ForeignHandshake,
  stream: ByteStream,
): Promise<ForeignTransport> {
  const role = initiator ? 'initiator' : 'responder';
  const { messages } = protocolOf(protocol).pattern;
  for (const nth of messages.keys()) {
    const payload = bytes(`payload ${nth}`);
    if (senderOf(nth) === role) {
      stream.writeFrame(handshake.writeMessage(payload));
    } else {
      assert.deepEqual(Buffer.from(handshake.readMessage(await stream.readFrame())), Buffer.from(payload));
    }
  }
  const transport = handshake.finish();
  for (let nth = 0; nth < 4; nth++) {
    const text = Buffer.alloc(1 + nth * 500, `record ${nth}`);
    // Noise 7.4: after a one-way handshake only the initiator sends.
    const sender = messages.length === 1 ? 'initiator' : senderOf(nth);
    if (sender === role) {
      stream.writeFrame(transport.send.seal(text));
    } else {
      assert.deepEqual(Buffer.from(transport.receive.open(await stream.readFrame())), text);
    }
  }
  return transport;
}

/** The key that a side has of the other at the end. */
function remoteKeyOf(protocol: ProtocolName, initiator: boolean): string {
  const role = initiator ? 'responder' : 'initiator';
  const { pattern } = protocolOf(protocol);
  return needsStatic(pattern, role) ? hex(KEYS[role].publicKey) : '';
}

function hex(bytes: Uint8Array = new Uint8Array(0)): string {
  return Buffer.from(bytes).toString('hex');
}

describe('noise-c over TCP', () => {
  let server: Server;
  before(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  const connected = async (): Promise<[ByteStream, ByteStream]> => {
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const near = connectSocket({ host: '127.0.0.1', port });
    return [new ByteStream(near), new ByteStream((await accepted)[0])];
  };

  test(`shares ${shared.length} names with us`, () => {
    assert.ok(shared.length > 0);
    assert.ok(shared.includes('Noise_XX_25519_ChaChaPoly_SHA256'));
  });

  for (const protocol of shared) {
    for (const [who, weInitiate] of [
      ['we begin', true],
      ['it begins', false],
    ] as const) {
      test(`${protocol}: ${who}`, async () => {
        const [near, far] = await connected();
        try {
          const [our, their] = await Promise.all([
            play(protocol, weInitiate, ours(protocol, weInitiate), near),
            play(protocol, !weInitiate, theirs(protocol, !weInitiate), far),
          ]);
          assert.deepEqual(Buffer.from(our.handshakeHash), Buffer.from(their.handshakeHash));
          assert.equal(hex(our.remoteStaticKey), remoteKeyOf(protocol, weInitiate));
          assert.equal(hex(their.remoteStaticKey), remoteKeyOf(protocol, !weInitiate));
        } finally {
          near.socket.destroy();
          far.socket.destroy();
        }
      });
    }
  }
});
