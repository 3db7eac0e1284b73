// What a stranger costs: no cryptography before a whole, well-formed first message, and then only when it is
// due.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Backend, chooseBackend } from '../../src/noise/index.ts';
import type { Suite } from './support/internals.ts';
import { FrameReader, InitiatorOpening, ResponderOpening } from './support/internals.ts';
import { initiatorOptions, responderOptions } from './support/pipe.ts';

/** A backend that counts what is asked of it. */
function counting(): { backend: Backend; calls: () => number } {
  let calls = 0;
  const backend = new Proxy(chooseBackend(), {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') {
        return value;
      }
      return (...args: unknown[]): unknown => {
        calls += 1;
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { backend, calls: () => calls };
}

/** Prelude and message 1, as an honest initiator sends them, and what it does with the answer. */
function initiator(suite: Suite): { flight: Uint8Array; answer: (bytes: Uint8Array) => Uint8Array } {
  const opening = new InitiatorOpening(initiatorOptions({ suite }));
  const reader = new FrameReader();
  const advance = (): Uint8Array => {
    const written: Uint8Array[] = [];
    opening.advance(reader, (bytes) => written.push(bytes));
    return Buffer.concat(written);
  };
  const flight = advance();
  return {
    flight,
    answer: (bytes) => {
      reader.push(bytes);
      return advance();
    },
  };
}

for (const suite of ['XX', 'XXhfs'] as const) {
  describe(`${suite}: a responder does no cryptography`, () => {
    test('before the last byte of message 1, however it comes', () => {
      const { flight } = initiator(suite);
      const { backend, calls } = counting();
      const opening = new ResponderOpening(responderOptions({ backend }));
      const reader = new FrameReader();
      const before = calls();
      for (const byte of flight.subarray(0, -1)) {
        reader.push(Uint8Array.of(byte));
        assert.equal(opening.advance(reader, () => {}).state, 'waiting');
      }
      assert.equal(calls(), before);
      reader.push(flight.subarray(-1));
      opening.advance(reader, () => {});
      assert.ok(calls() > before);
    });

    test('for a message 1 of a wrong length, a prelude of somebody else, or a suite that it does not take', () => {
      const { flight } = initiator(suite);
      const longer = Buffer.from(flight);
      longer.writeUInt16BE(longer.readUInt16BE(7) + 1, 7);
      const stranger = Buffer.from('GET / HTTP/1.1\r\n\r\n');
      for (const [bytes, suites] of [
        [Buffer.concat([longer, Buffer.alloc(10)]), ['XX', 'XXhfs']],
        [stranger, ['XX', 'XXhfs']],
        [flight, [suite === 'XX' ? 'XXhfs' : 'XX']],
      ] as [Uint8Array, Suite[]][]) {
        const { backend, calls } = counting();
        const opening = new ResponderOpening(responderOptions({ backend, suites }));
        const reader = new FrameReader();
        reader.push(bytes);
        try {
          assert.equal(opening.advance(reader, () => {}).state, 'refused');
        } catch (error) {
          assert.ok(error instanceof Error && 'code' in error, String(error));
        }
        assert.equal(calls(), 0);
      }
    });

    test('that it was not allowed to do yet: it goes on with the next call, and nothing is lost', () => {
      const { flight, answer } = initiator(suite);
      const { backend, calls } = counting();
      const opening = new ResponderOpening(responderOptions({ backend }));
      const reader = new FrameReader();
      const written: Uint8Array[] = [];
      const advance = (allowed: boolean) =>
        opening.advance(
          reader,
          (bytes) => written.push(bytes),
          () => allowed,
        ).state;
      reader.push(flight);
      const before = calls();
      assert.deepEqual([advance(false), advance(false), calls()], ['due', 'due', before]);
      assert.equal(advance(true), 'waiting');
      reader.push(answer(Buffer.concat(written)));
      const between = calls();
      assert.deepEqual([advance(false), calls()], ['due', between]);
      assert.equal(advance(true), 'finished');
    });
  });
}
