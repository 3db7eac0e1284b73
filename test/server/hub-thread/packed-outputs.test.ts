import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeError, encodeNotification, encodeResult } from '../../../src/protocol/index.ts';
import type { HubOutput } from '../../hub/support/internals.ts';
import { type GatewayOutput, packOutputs, unpackOutputs } from '../support/internals.ts';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const conn = fc.maxSafeNat().map((number) => number + 1);
const text = fc.string({ maxLength: 300 });
/** What comes from another thread has the usual prototype. */
const PLAIN = { noNullPrototype: true } as const;

const key = new Uint8Array(32).fill(7);

const output: fc.Arbitrary<HubOutput> = fc.oneof(
  fc.record({ type: fc.constant('reply'), conn, id: u32, result: fc.record({ text }) }),
  fc.record({
    type: fc.constant('refusal'),
    conn,
    id: u32,
    error: fc.constantFrom('PAYEE_SELF', 'INTERNAL'),
  }),
  fc.record({ type: fc.constant('push'), conn, method: fc.constant('notice'), params: fc.record({ text }) }),
  fc.record({ type: fc.constant('close'), conn }, PLAIN),
  fc.record({ type: fc.constant('departed'), name: text }, PLAIN),
  fc.constant({ type: 'arrived', entry: { name: 'alice', host: null, port: null, key } } as const),
);

/** What the gateway is to make of an output. */
function atGateway(output: HubOutput): GatewayOutput {
  switch (output.type) {
    case 'reply':
      return message(output.conn, output.id, encodeResult(output.id, output.result));
    case 'refusal':
      return message(output.conn, output.id, encodeError(output.id, output.error));
    case 'push':
      return message(output.conn, undefined, encodeNotification(output.method, output.params));
    default:
      return output;
  }
}

function message(conn: number, answers: number | undefined, bytes: Uint8Array): GatewayOutput {
  return { type: 'message', conn, answers, bytes: Uint8Array.from(bytes) };
}

describe('packed outputs', () => {
  test('come in their order from thread to thread', () => {
    fc.assert(
      fc.property(fc.array(output, { maxLength: 40 }), (outputs) => {
        const packed = packOutputs(outputs);
        const transfer = [packed.entries.buffer, packed.bytes.buffer];
        const arrived = structuredClone(packed, { transfer });
        assert.deepEqual([...unpackOutputs(arrived)], outputs.map(atGateway));
      }),
      { numRuns: 200 },
    );
  });

  test('have memory of their own: what is transferred is missed by nobody', () => {
    const outputs: HubOutput[] = [{ type: 'reply', conn: 1, id: 1, result: {} }];
    for (let count = 0; count < 3; count++) {
      const { entries, bytes } = packOutputs(outputs);
      assert.equal(bytes.buffer.byteLength, encodeResult(1, {}).length);
      structuredClone(null, { transfer: [entries.buffer, bytes.buffer] });
    }
  });
});
