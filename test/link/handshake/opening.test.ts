import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseBackend } from '../../../src/noise/index.ts';
import type { Suite } from '../support/internals.ts';
import { FrameReader, InitiatorOpening, MAX_PAYLOAD, ResponderOpening } from '../support/internals.ts';
import { initiatorOptions, openBoth, responderOptions, testKeys, text } from '../support/pipe.ts';

const SUITES: Suite[] = ['XX', 'XXhfs'];
const BACKENDS = ['noble', 'native'] as const;

for (const suite of SUITES) {
  for (const one of BACKENDS) {
    for (const other of BACKENDS) {
      test(`${suite}: initiator on ${one}, responder on ${other}`, () => {
        const { initiator, responder } = openBoth(
          initiatorOptions({ suite, backend: chooseBackend(one) }),
          responderOptions({ backend: chooseBackend(other) }),
        );
        assert.deepEqual(initiator.transport.handshakeHash, responder.transport.handshakeHash);
        assert.deepEqual(initiator.transport.remoteStaticKey, testKeys(2).publicKey);
        assert.deepEqual(responder.transport.remoteStaticKey, testKeys(1).publicKey);
        assert.equal(text(initiator.remotePayload), 'from the responder');
        assert.equal(text(responder.remotePayload), 'from the initiator');
        assert.equal(responder.suite, suite);
      });
    }
  }

  test(`${suite}: byte by byte`, () => {
    openBoth(initiatorOptions({ suite }), responderOptions(), function* (flight) {
      for (const byte of flight) {
        yield Uint8Array.of(byte);
      }
    });
  });

  test(`${suite}: in two pieces at every split of each flight`, () => {
    for (let split = 1; split < 1_300; split += suite === 'XX' ? 1 : 37) {
      openBoth(initiatorOptions({ suite }), responderOptions(), (flight) =>
        [flight.subarray(0, split), flight.subarray(split)].filter((piece) => piece.length > 0),
      );
      if (suite === 'XX' && split > 200) {
        break;
      }
    }
  });
}

test('suite XXhfs is what an initiator asks for by itself', () => {
  const { suite: _, ...options } = initiatorOptions();
  assert.equal(openBoth(options, responderOptions()).responder.suite, 'XXhfs');
});

describe('the responder’s answer to a prelude that it does not take', () => {
  for (const [why, prelude, answer, code] of [
    ['another version', '46525448020101', '000001', 'refused_version'],
    ['an unknown suite', '46525448010901', '000002', 'refused_suite'],
    ['a suite that it does not accept', '46525448010101', '000002', 'refused_suite'],
    ['another purpose', '46525448010202', '000003', 'refused_purpose'],
  ] as const) {
    test(why, () => {
      const opening = new ResponderOpening(responderOptions({ suites: ['XXhfs'] }));
      const reader = new FrameReader();
      reader.push(Buffer.from(prelude, 'hex'));
      let sent = '';
      const progress = opening.advance(reader, (piece) => {
        sent += Buffer.from(piece).toString('hex');
      });
      assert.equal(sent, answer);
      assert.ok(progress.state === 'refused' && progress.error.code === code);
      const asked = new InitiatorOpening(initiatorOptions());
      const answered = new FrameReader();
      asked.advance(answered, () => {});
      answered.push(Buffer.from(sent, 'hex'));
      assert.throws(() => asked.advance(answered, () => {}), { code });
    });
  }

  test('busy', () => {
    const opening = new ResponderOpening(responderOptions(), () => false);
    const reader = new FrameReader();
    reader.push(Buffer.from('46525448010101', 'hex'));
    const progress = opening.advance(reader, () => {});
    assert.ok(progress.state === 'refused' && progress.error.code === 'refused_busy');
  });

  test('none to one who speaks something else', () => {
    for (const stranger of ['GET / HTTP/1.1\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01', 'SSH-2.0-x\r\n']) {
      const opening = new ResponderOpening(responderOptions());
      const reader = new FrameReader();
      reader.push(Buffer.from(stranger, 'latin1'));
      const write = () => assert.fail('nothing is said to a stranger');
      assert.throws(() => opening.advance(reader, write), { code: 'bad_prelude' });
    }
  });
});

test('message 1 of another length is refused before any cryptography', () => {
  for (const length of [0, 31, 33, 1_216, 65_535]) {
    const opening = new ResponderOpening(responderOptions());
    const reader = new FrameReader();
    reader.push(Uint8Array.of(0x46, 0x52, 0x54, 0x48, 1, 1, 1, length >>> 8, length & 0xff));
    assert.throws(() => opening.advance(reader, () => {}), { code: 'bad_frame' }, `length ${length}`);
  }
});

test('a responder with another key than the one required never learns who asked', () => {
  const options = initiatorOptions({ expectedRemoteKey: testKeys(9).publicKey });
  let fromInitiator = 0;
  const watch = (flight: Uint8Array, from: string): Uint8Array[] => {
    if (from === 'initiator') {
      fromInitiator++;
    }
    return [flight];
  };
  assert.throws(() => openBoth(options, responderOptions(), watch), {
    code: 'wrong_key',
    remoteKey: testKeys(2).publicKey,
  });
  assert.equal(fromInitiator, 1);
});

test('the largest payload fits, a larger one is the programmer’s error', () => {
  const payload = new Uint8Array(MAX_PAYLOAD);
  const { initiator } = openBoth(
    initiatorOptions({ suite: 'XXhfs', payload }),
    responderOptions({ payload }),
  );
  assert.equal(initiator.remotePayload.length, MAX_PAYLOAD);
  assert.throws(
    () => new ResponderOpening(responderOptions({ payload: new Uint8Array(MAX_PAYLOAD + 1) })),
    RangeError,
  );
});

test('who says nothing of purpose and payload is a peer without a payload', () => {
  const { initiator, responder } = openBoth({ staticKeys: testKeys(1) }, { staticKeys: testKeys(2) });
  for (const { purpose, remotePayload } of [initiator, responder]) {
    assert.deepEqual([purpose, remotePayload.length], ['peer', 0]);
  }
});

test('an opening that has been given up reads nothing more', () => {
  const opening = new InitiatorOpening(initiatorOptions());
  opening.advance(new FrameReader(), () => {});
  opening.drop();
  assert.throws(() => opening.advance(new FrameReader(), () => {}), { code: 'handshake_failed' });
});
