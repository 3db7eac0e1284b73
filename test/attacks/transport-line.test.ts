// Transport: somebody on the line between an honest person and the server, during their handshake.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { Wallet, WrongServerKeyError } from '../../src/client/index.ts';
import { generateKeyPair, LinkError, listen, type Suite } from '../../src/link/index.ts';
import { NoiseError } from '../../src/noise/index.ts';
import { encodeAgent, encodeRequest } from '../../src/protocol/index.ts';
import {
  encodeFrame,
  encodePrelude,
  encodeRefusal,
  type PreludeRefusal,
  REFUSALS,
} from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { type Interceptor, intercept, type Meddle } from './support/interceptor.ts';
import { codeOf, Hand, Intruder, record, takeFrame } from './support/intruder.ts';
import { Stranger } from './support/stranger.ts';
import { LOCAL, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

/** Bytes of message 3 in its frame, with the agent of {@link Hand}. */
const THREE = 2 + 64 + encodeAgent('intruder/1').length;

/** A victim's attempt to connect over a line where somebody meddles: it must fail. */
async function victim(suite: Suite, meddle: Meddle): Promise<{ error: LinkError; on: Interceptor }> {
  const on = await intercept(leftovers, target, meddle);
  const options = { host: LOCAL, port: on.port, serverKey: target.key, identity: generateKeyPair(), suite };
  const error: unknown = await Wallet.connect(options).then(
    () => assert.fail('the victim notices nothing'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LinkError, String(error));
  return { error, on };
}

/** The same piece with one byte changed. */
function flipped(bytes: Uint8Array, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

describe('transport: wrong prologue', () => {
  test('a prelude that is not the one hashed: message 2 does not open, and message 3 opens nothing', () =>
    witness.through(async () => {
      const prologues = [new Uint8Array(0), encodePrelude('XX', 'peer'), encodePrelude('XXhfs', 'server')];
      for (const prologue of prologues) {
        const hand = new Hand({ prologue });
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, hand.one());
        const two = (await takeFrame(stranger)) ?? assert.fail('no message 2');
        assert.throws(() => hand.two(two), NoiseError);
        await stranger.send(encodeFrame(new Uint8Array(64 + 13)));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));
});

describe('transport: suite changed in flight', () => {
  for (const [suite, other] of [
    ['XXhfs', 'XX'],
    ['XX', 'XXhfs'],
  ] as const) {
    test(`${suite} to ${other}: closed by the server, and the victim does not try ${other}`, () =>
      witness.through(async () => {
        const { error, on } = await victim(suite, ({ part, bytes }) => [
          part === 'prelude' ? encodePrelude(other, 'server') : bytes,
        ]);
        assert.equal(error.code, 'truncated');
        assert.equal(on.connections, 1);
        await target.assertReason(on.address, 'bad_frame');
      }));
  }

  test('XXhfs to XX, and message 1 cut to fit: the server answers, and the victim does not take it', () =>
    witness.through(async () => {
      const { error, on } = await victim('XXhfs', ({ from, part, bytes }) => {
        if (part === 'prelude') {
          return [encodePrelude('XX', 'server')];
        }
        return [from === 'client' && part === 0 ? encodeFrame(bytes.subarray(2, 2 + 32)) : bytes];
      });
      assert.equal(error.code, 'handshake_failed');
      assert.equal(on.connections, 1);
      await target.assertReason(on.address, 'truncated');
    }));

  for (const refusal of Object.keys(REFUSALS) as PreludeRefusal[]) {
    test(`a forged refusal (${refusal}): the victim says so, and tries nothing weaker`, () =>
      witness.through(async () => {
        const { error, on } = await victim('XXhfs', ({ from, bytes }) => [
          from === 'server' ? encodeRefusal(refusal) : bytes,
        ]);
        assert.equal(error.code, REFUSALS[refusal].code);
        assert.equal(on.connections, 1);
      }));
  }
});

describe('transport: bit flips in the handshake', () => {
  test('message 1: every byte. The server answers, and its answer opens for nobody', () =>
    witness.through(async () => {
      for (let at = 2; at < 2 + 32; at++) {
        const hand = new Hand();
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, flipped(hand.one(), at, 1 << (at % 8)));
        const two = (await takeFrame(stranger)) ?? assert.fail('no message 2');
        assert.throws(() => hand.two(two), NoiseError);
        await stranger.hangUp();
        await target.assertReason(stranger.address, 'truncated');
      }
    }));

  test('message 1 with an encapsulation key: a byte in every hundred', () =>
    witness.through(async () => {
      for (let at = 2; at < 2 + 1216; at += 100) {
        const hand = new Hand({ suite: 'XXhfs' });
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, flipped(hand.one(), at, 1));
        const two = await takeFrame(stranger);
        // A key whose coefficients come to lie beyond the modulus is refused at once.
        if (two !== undefined) {
          assert.throws(() => hand.two(two), NoiseError);
        }
        await stranger.hangUp();
        await target.assertReason(stranger.address, 'truncated', 'handshake_failed');
      }
    }));

  test('message 2: every eighth byte. The victim breaks off before saying who they are', () =>
    witness.through(async () => {
      for (let at = 2; at < 2 + 96; at += 8) {
        const { error, on } = await victim('XX', ({ from, part, bytes }) => [
          from === 'server' && part === 0 ? flipped(bytes, at, 1 << ((at >> 3) % 8)) : bytes,
        ]);
        assert.equal(error.code, 'handshake_failed');
        await target.assertReason(on.address, 'truncated');
      }
    }));

  test('message 3: every byte. Closed without an answer', () =>
    witness.through(async () => {
      for (let at = 2; at < THREE; at++) {
        const hand = new Hand();
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, hand.one());
        hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
        await stranger.send(flipped(hand.three(), at, 1 << (at % 8)));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));
});

describe('transport: truncated tags in the handshake', () => {
  test('message 3 without the last 1 to 16 bytes: closed without an answer', () =>
    witness.through(async () => {
      for (let less = 1; less <= 16; less++) {
        const hand = new Hand();
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, hand.one());
        hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
        const three = hand.three();
        await stranger.send(encodeFrame(three.subarray(2, three.length - less)));
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test('message 2 without its last byte: the victim breaks off', () =>
    witness.through(async () => {
      const { error } = await victim('XXhfs', ({ from, part, bytes }) => [
        from === 'server' && part === 0 ? encodeFrame(bytes.subarray(2, bytes.length - 1)) : bytes,
      ]);
      assert.equal(error.code, 'handshake_failed');
    }));
});

describe('transport: data before the end of the handshake', () => {
  const request = encodeRequest(1, 'register', { name: 'hasty' });

  test('a payload in message 1', () =>
    witness.through(async () => {
      const hand = new Hand();
      const stranger = await Stranger.connect(target);
      await stranger.send(hand.prelude, encodeFrame(Buffer.concat([hand.one().subarray(2), request])));
      await stranger.assertClosed({ reason: 'bad_frame' });
    }));

  test('an unsealed record, or a bare message, in the place of message 3', () =>
    witness.through(async () => {
      for (const early of [record('data', request), request]) {
        const hand = new Hand();
        const stranger = await Stranger.connect(target);
        await stranger.send(hand.prelude, hand.one());
        hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
        await stranger.send(encodeFrame(early), hand.three());
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test('a request as the payload of message 3: it is no agent, and is not carried out', () =>
    witness.through(async () => {
      const intruder = await Intruder.open(target, { payload: request });
      await intruder.assertClosed('bad_message');
      const other = await Intruder.member(target, 'hasty');
      await other.exit();
    }));
});

describe("transport: another server's key", () => {
  test('the victim leaves before saying who they are, and no further attempt is made', () =>
    witness.through(async () => {
      const impostor = await listen({
        host: LOCAL,
        port: 0,
        purpose: 'server',
        staticKeys: generateKeyPair(),
        payload: encodeAgent('farthing-server/0.1.0'),
      });
      leftovers.after(() => impostor.close());
      const failed = once(impostor, 'failed') as Promise<[LinkError]>;
      const options = {
        host: LOCAL,
        port: impostor.port,
        serverKey: target.key,
        identity: generateKeyPair(),
      };
      await assert.rejects(Wallet.connect(options), WrongServerKeyError);
      assert.equal((await failed)[0].code, 'truncated');
    }));

  test("an impostor who shows the server's public key cannot finish message 2", () =>
    witness.through(async () => {
      const impostor = await listen({
        host: LOCAL,
        port: 0,
        purpose: 'server',
        staticKeys: { ...generateKeyPair(), publicKey: target.key },
        payload: encodeAgent('farthing-server/0.1.0'),
      });
      leftovers.after(() => impostor.close());
      const options = {
        host: LOCAL,
        port: impostor.port,
        serverKey: target.key,
        identity: generateKeyPair(),
      };
      await assert.rejects(
        Wallet.connect(options),
        (error) => error instanceof LinkError && error.code === 'handshake_failed',
      );
    }));
});

describe("transport: one session's bytes in another", () => {
  test("one session's message 3 in another", () =>
    witness.through(async () => {
      const hands = [new Hand(), new Hand()] as const;
      const strangers = await Promise.all(hands.map(() => Stranger.connect(target)));
      for (const [index, hand] of hands.entries()) {
        const stranger = strangers[index];
        await stranger?.send(hand.prelude, hand.one());
        hand.two((stranger && (await takeFrame(stranger))) ?? assert.fail('no message 2'));
      }
      await strangers[0]?.send(hands[1].three());
      await strangers[1]?.send(hands[0].three());
      for (const stranger of strangers) {
        await stranger.assertClosed({ reason: 'handshake_failed' });
      }
    }));

  test("one session's records in another of the same person", () =>
    witness.through(async () => {
      const owner = await Intruder.member(target, 'crossed');
      const other = await Intruder.open(target, { keys: owner.keys });
      assert.equal(codeOf(await other.ask('lookup', { name: 'shop' })), 220);
      await other.send(
        owner.data(encodeRequest(9, 'pay', { to: 'shop', amount: 7, id: new Uint8Array(16) })),
      );
      await other.assertClosed('decrypt_failed');
      // And the session from which it was taken has lost a record.
      await owner.send(owner.data(encodeRequest(10, 'list', {})));
      await owner.assertClosed('decrypt_failed');
    }));

  test("the server's own records sent back to it", () =>
    witness.through(async () => {
      const intruder = await Intruder.open(target);
      await intruder.send(intruder.data(encodeRequest(1, 'list', {})));
      const sealed = (await takeFrame(intruder.stranger)) ?? assert.fail('no answer');
      await intruder.send(encodeFrame(sealed));
      await intruder.assertClosed('decrypt_failed');
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
