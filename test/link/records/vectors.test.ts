import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Backend, CipherState, chooseBackend } from '../../../src/noise/index.ts';
import { fromHex, toHex } from '../../noise/support/bytes.ts';
import { recordOf, Sealer } from '../../vectors/link-sealing.ts';
import { Channel, LinkError, PING_AFTER_MS } from '../support/internals.ts';
import { listenTo } from '../support/memory-link.ts';
import { bytewise, whole } from '../support/pieces.ts';
import { End, flushed } from '../support/pipe.ts';
import { sideWithKeys } from '../support/records.ts';

interface Vectors {
  readonly key: string;
  readonly records: readonly SealedRecord[];
  readonly accepted: readonly { name: string; nonce: number; kind: string; body: string; frame: string }[];
  readonly rekey: {
    readonly keys: readonly { from_nonce: number; key: string }[];
    readonly frames: readonly { nonce: number; body: string; frame: string }[];
  };
  readonly streams: readonly { name: string; heard: string; end: string; bytes: string }[];
  readonly refused: readonly Refused[];
}

interface SealedRecord {
  readonly nonce: number;
  readonly kind: 'data' | 'ping' | 'pong' | 'close';
  readonly length: number;
  readonly fill?: string;
  readonly record_length: number;
  readonly frame?: string;
  readonly frame_sha256?: string;
}

interface Refused {
  readonly name: string;
  readonly code: string;
  readonly heard: string;
  readonly first_nonce?: number;
  readonly bytes: string;
}

const FILE = join(import.meta.dirname, '../../vectors/link-records.json');
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
const KEY = fromHex(VECTORS.key);
const BACKENDS = [chooseBackend('native'), chooseBackend('noble')];

/** A side that seals and opens with the key of the vectors, from that nonce on. */
function sideAt(nonce: number, backend: Backend) {
  const side = sideWithKeys(false, { send: KEY, receive: KEY }, backend);
  side.transport.receive.setNonce(nonce);
  return side;
}

/**
 * What a reader reports of pieces of a stream: bodies in hexadecimal, `close`, `ping` where it owes a PONG.
 */
function read(end: End, pieces: Iterable<Uint8Array>): string[] {
  const heard: string[] = [];
  for (const piece of pieces) {
    for (const each of end.read(piece)) {
      heard.push(each.type === 'data' ? toHex(each.body) : 'close');
    }
    if (end.channel.dirty) {
      heard.push('ping');
    }
    flushed(end.channel);
  }
  return heard;
}

/** Whole, byte by byte, and in two pieces at every split. */
function* deliveries(bytes: Uint8Array): Generator<Iterable<Uint8Array>> {
  yield whole(bytes);
  yield bytewise(bytes);
  for (let at = 1; at < bytes.length; at++) {
    yield [bytes.subarray(0, at), bytes.subarray(at)];
  }
}

function bodyOf({ length, fill = '' }: SealedRecord): Buffer {
  return Buffer.alloc(length, fromHex(fill || '00'));
}

for (const backend of BACKENDS) {
  describe(`records on ${backend.name}`, () => {
    const channel = new Channel(sideAt(0, backend).transport, 0);
    const asked = new Sealer(KEY);

    /** The frame of the next record that a channel makes. */
    const nextFrame = (vector: SealedRecord): Uint8Array => {
      if (vector.kind === 'data') {
        channel.send(bodyOf(vector));
      } else if (vector.kind === 'ping') {
        channel.tick(PING_AFTER_MS);
      } else if (vector.kind === 'close') {
        channel.close();
      } else {
        return answerTo(asked.frame(recordOf('ping')));
      }
      return flushed(channel);
    };
    const answerTo = (ping: Uint8Array): Uint8Array => {
      const reader = new End(sideAt(0, backend), 0).reader;
      reader.push(ping);
      assert.equal(channel.receive(reader, 0), undefined);
      return flushed(channel);
    };

    for (const vector of VECTORS.records) {
      test(`${vector.kind} of ${vector.length} bytes`, () => {
        const frame = nextFrame(vector);
        assert.equal(frame.length, 2 + vector.record_length + 16);
        if (vector.frame === undefined) {
          assert.equal(createHash('sha256').update(frame).digest('hex'), vector.frame_sha256);
        } else {
          assert.equal(toHex(frame), vector.frame);
        }
        const expected = {
          data: [toHex(bodyOf(vector))],
          ping: ['ping'],
          pong: [],
          close: ['close'],
        }[vector.kind];
        const all = frame.length > 2_100 || backend.name === 'noble' ? [whole(frame)] : deliveries(frame);
        for (const pieces of all) {
          assert.deepEqual(read(new End(sideAt(vector.nonce, backend), 0), pieces), expected);
        }
      });
    }

    for (const vector of VECTORS.accepted) {
      test(vector.name, () => {
        for (const pieces of deliveries(fromHex(vector.frame))) {
          const expected = vector.kind === 'data' ? vector.body : vector.kind;
          assert.deepEqual(read(new End(sideAt(vector.nonce, backend), 0), pieces), [expected]);
        }
      });
    }

    test('rekeying, twice', () => {
      const sender = new Channel(sideAt(0, backend).transport, 0);
      const end = new End(sideAt(0, backend), 0);
      const { keys, frames } = VECTORS.rekey;
      const last = frames.at(-1)?.nonce ?? 0;
      assert.equal(last, 2_049);
      for (let nonce = 0; nonce <= last; nonce++) {
        const body = Buffer.from(`record ${nonce}`);
        sender.send(body);
        const frame = flushed(sender);
        const vector = frames.find((each) => each.nonce === nonce);
        if (vector !== undefined) {
          assert.deepEqual([toHex(body), toHex(frame)], [vector.body, vector.frame], `record ${nonce}`);
          const { key } = keys.findLast((each) => each.from_nonce <= nonce) ?? assert.fail();
          const cipher = new CipherState(backend, fromHex(key));
          cipher.setNonce(nonce);
          assert.equal(cipher.open(new Uint8Array(0), frame.subarray(2)).length, 64);
        }
        assert.deepEqual(read(end, [frame]), [toHex(body)]);
      }
    });

    for (const vector of VECTORS.streams) {
      test(`stream: ${vector.name}`, async () => {
        const bytes = fromHex(vector.bytes);
        const all = backend.name === 'native' ? deliveries(bytes) : [whole(bytes)];
        for (const pieces of all) {
          const { heard, code } = await listenTo(sideAt(0, backend), pieces);
          assert.deepEqual([heard.join(''), code ?? 'closed'], [vector.heard, vector.end]);
        }
      });
    }

    for (const vector of VECTORS.refused) {
      test(`refused: ${vector.name}`, () => {
        const bytes = fromHex(vector.bytes);
        // Those behind the boundary cost a thousand records each: whole and byte by byte must do.
        const all = vector.first_nonce === undefined ? deliveries(bytes) : [whole(bytes), bytewise(bytes)];
        for (const pieces of all) {
          assertRefused(vector, pieces, backend);
        }
      });
    }
  });
}

/** Reads the records before `first_nonce`, then the stream, which must end the link. */
function assertRefused(vector: Refused, pieces: Iterable<Uint8Array>, backend: Backend): void {
  const end = new End(sideAt(0, backend), 0);
  const sealer = new Sealer(KEY);
  for (let nonce = 0; nonce < (vector.first_nonce ?? 0); nonce++) {
    assert.equal(end.read(sealer.frame(recordOf('data', Buffer.from('before')))).length, 1);
  }
  const heard: string[] = [];
  const isRefusal = (error: unknown) => error instanceof LinkError && error.code === vector.code;
  assert.throws(() => {
    for (const piece of pieces) {
      // One at a time: what comes before the bad record in the same piece is heard too.
      end.reader.push(piece);
      for (let next = end.channel.receive(end.reader, 0); next; next = end.channel.receive(end.reader, 0)) {
        if (next.type === 'data') {
          heard.push(Buffer.from(next.body).toString());
        }
      }
    }
  }, isRefusal);
  assert.equal(heard.join(''), vector.heard);
}
