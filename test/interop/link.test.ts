import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import {
  type Backend,
  chooseBackend,
  connect,
  type Link,
  type LinkError,
  listen,
} from '../../src/link/index.ts';
import { MAX_MESSAGE, REKEY_INTERVAL } from '../link/support/internals.ts';
import { bytes, testKeys, text } from '../link/support/pipe.ts';
import { CLOSE, DATA, ForeignPeer, PING, PONG } from './foreign-peer.ts';
import { loadLibp2p } from './libp2p.ts';
import { loadNoiseC } from './noise-c.ts';

const OURS = testKeys(1);
const THEIRS = testKeys(2);
const OUR_OPTIONS = { staticKeys: OURS, payload: bytes('ours') };
const native = chooseBackend('native');
const HOST = '127.0.0.1';
const libraries = [await loadNoiseC(), await loadLibp2p()];

/** What a test that fails must not leave open: the process would not end. */
const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) {
    each.close();
  }
});

/** A socket that is closed after the test, whatever comes of it. */
function tracked(socket: Socket): Socket {
  opened.push({ close: () => socket.destroy() });
  return socket;
}

/** A message for each padding class, and the largest. */
const SIZES = [1, 61, 62, 125, 126, 253, 254, 509, 510, 1_021, 1_022, 3_000, 64_510, MAX_MESSAGE];

/** A body that differs from its neighbours in length. */
function message(size: number): Buffer {
  return Buffer.alloc(size, `${size}.`);
}

/** Sends back all that comes, and returns the code with which the link ends; undefined for a clean end. */
async function echo(link: Link): Promise<string | undefined> {
  link.on('message', (body) => link.send(body.slice()));
  const [error] = (await once(link, 'close')) as [LinkError | undefined];
  return error?.code;
}

/** What the foreign side does once it is connected, whatever its role: its counterpart echoes. */
async function converse(peer: ForeignPeer): Promise<void> {
  for (const size of SIZES) {
    peer.send(DATA, message(size));
    assert.ok((await peer.receiveData(size)).equals(message(size)), `${size} bytes`);
  }
  peer.send(PING);
  assert.equal((await peer.receive()).kind, PONG);
  peer.send(PONG);
  peer.send(CLOSE);
  assert.equal((await peer.receive()).kind, CLOSE);
  assert.ok(await peer.end(), 'and nothing behind CLOSE');
}

function assertAgreed(peer: ForeignPeer, link: Link): void {
  assert.deepEqual(Buffer.from(peer.transport.handshakeHash), Buffer.from(link.handshakeHash));
  assert.deepEqual(Buffer.from(peer.transport.remoteStaticKey ?? []), Buffer.from(OURS.publicKey));
  assert.deepEqual(Buffer.from(link.remoteKey), Buffer.from(THEIRS.publicKey));
  assert.deepEqual([text(peer.remotePayload), text(link.remotePayload)], ['ours', 'theirs']);
}

for (const noise of libraries) {
  const foreign = { noise, staticKeys: THEIRS, payload: bytes('theirs') };

  describe(`${noise.name} over TCP`, () => {
    /** A foreign initiator at our listener. */
    const foreignInitiator = async (backend: Backend): Promise<[ForeignPeer, Link]> => {
      const listener = await listen({ host: HOST, port: 0, backend, ...OUR_OPTIONS });
      opened.push(listener);
      const accepted = new Promise<Link>((resolve, reject) => {
        listener.once('link', resolve).once('failed', reject);
      });
      const socket = tracked(connectSocket({ host: HOST, port: listener.port }));
      return Promise.all([ForeignPeer.initiate(socket, foreign), accepted]);
    };

    /** Our initiator at a foreign listener. */
    const foreignResponder = async (backend: Backend): Promise<[ForeignPeer, Link]> => {
      const server = createServer().listen(0, HOST);
      opened.push(server);
      await once(server, 'listening');
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const { port } = server.address() as AddressInfo;
      const expectedRemoteKey = THEIRS.publicKey;
      const linked = connect({ host: HOST, port, suite: 'XX', expectedRemoteKey, backend, ...OUR_OPTIONS });
      const peer = ForeignPeer.respond(tracked((await accepted)[0]), foreign);
      return Promise.all([peer, linked]);
    };

    for (const [role, meet] of [
      ['initiator', foreignInitiator],
      ['responder', foreignResponder],
    ] as const) {
      for (const backend of [native, chooseBackend('noble')]) {
        const what = 'one handshake hash, both keys, records of every size, PING, CLOSE';
        test(`as ${role}, we on ${backend.name}: ${what}`, async () => {
          const [peer, link] = await meet(backend);
          const ended = echo(link);
          assertAgreed(peer, link);
          await converse(peer);
          assert.equal(await ended, undefined);
        });
      }

      test(`as ${role}: messages of one turn come in one record`, async () => {
        const [peer, link] = await meet(native);
        for (const word of ['one ', 'two ', 'three']) {
          link.send(bytes(word));
        }
        assert.equal((await peer.receive()).body.toString(), 'one two three');
        const closed = link.close();
        assert.equal((await peer.receive()).kind, CLOSE);
        peer.send(CLOSE);
        await closed;
      });

      test(`as ${role}: a forged record ends the link`, async () => {
        const [peer, link] = await meet(native);
        const ended = echo(link);
        peer.transport.send.seal(new Uint8Array(64));
        peer.send(DATA, message(5));
        assert.equal(await ended, 'decrypt_failed');
      });
    }
  });
}

describe('REKEY, with libp2p’s cipher', () => {
  // noise-c.wasm answers Rekey() with 'Not implemented' and does not show its keys.
  const records = 2 * REKEY_INTERVAL + 10;
  test(`${records} records each way cross the boundary twice`, async () => {
    const listener = await listen({ host: HOST, port: 0, ...OUR_OPTIONS });
    opened.push(listener);
    listener.on('link', (link) => {
      link.on('message', (body) => {
        link.send(body.slice());
        link.flush();
      });
    });
    const socket = tracked(connectSocket({ host: HOST, port: listener.port }));
    const noise = libraries[1] ?? assert.fail();
    const peer = await ForeignPeer.initiate(socket, { noise, staticKeys: THEIRS, payload: bytes('theirs') });
    for (let n = 0; n < records; n++) {
      peer.send(DATA, message(4 + (n % 7)));
    }
    for (let n = 0; n < records; n++) {
      const { body } = await peer.receive();
      assert.ok(body.equals(message(4 + (n % 7))), `record ${n}`);
    }
    peer.send(CLOSE);
    assert.equal((await peer.receive()).kind, CLOSE);
    assert.ok(await peer.end());
  });
});
