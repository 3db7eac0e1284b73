// Transport: those who do not speak the protocol, or stop in the middle of its first bytes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as http2Connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { after, describe, test } from 'node:test';
import { encodePrelude } from '../link/support/internals.ts';
import { Leftovers } from '../support/programs.ts';
import { Hand, takeFrame } from './support/intruder.ts';
import { Stranger } from './support/stranger.ts';
import { LOCAL, Target } from './support/target.ts';

const leftovers = new Leftovers();
after(() => leftovers.clear());
const target = await Target.start(leftovers);
const { witness } = target;

/** What a client of another protocol begins with. */
const FIRST_BYTES: Record<string, string | Uint8Array> = {
  HTTP: 'GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
  // RFC 8446 4.1.2: a record of type handshake, a ClientHello.
  TLS: Buffer.concat([Buffer.from('16030100c8010000c40303', 'hex'), Buffer.alloc(194, 0x5a)]),
  SSH: 'SSH-2.0-OpenSSH_9.6p1\r\n',
  SMTP: 'EHLO example.org\r\n',
  Redis: '*1\r\n$4\r\nPING\r\n',
  'a PROXY header': 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n',
  'zero bytes': Buffer.alloc(64 * 1024),
  'bytes of all ones': Buffer.alloc(64 * 1024, 0xff),
  'the magic in lower case': 'frth\x01\x01\x01',
};

describe('transport: clients of other protocols', () => {
  for (const [name, bytes] of Object.entries(FIRST_BYTES)) {
    test(`${name}: the connection is closed without an answer`, () =>
      witness.through(async () => {
        const stranger = await Stranger.connect(target);
        await stranger.send(Buffer.from(bytes));
        await stranger.assertClosed({ reason: 'bad_prelude' });
      }));
  }

  for (const [name, request] of [
    ['http', httpRequest],
    ['https', httpsRequest],
  ] as const) {
    test(`Node's own ${name} client is hung up on`, () =>
      witness.through(async () => {
        const asked = request({ host: LOCAL, port: target.port, localAddress: target.newAddress() });
        asked.end();
        const [error] = (await once(asked, 'error')) as [NodeJS.ErrnoException];
        assert.equal(error.code, 'ECONNRESET');
      }));
  }

  test("Node's own HTTP/2 client is hung up on", () =>
    witness.through(async () => {
      const session = http2Connect(`http://${LOCAL}:${target.port}`);
      session.on('error', () => {});
      await once(session, 'close');
    }));

  for (const at of [0, 1, 2, 3]) {
    test(`byte ${at} of the magic is another: closed without an answer`, () =>
      witness.through(async () => {
        const stranger = await Stranger.connect(target);
        const prelude = encodePrelude('XX', 'server');
        prelude[at] = (prelude[at] ?? 0) ^ 0x20;
        await stranger.send(prelude);
        await stranger.assertClosed({ reason: 'bad_prelude' });
      }));
  }
});

/** Which byte of the prelude, what it may not be, and the refusal that it gets. */
const REFUSALS = [
  { what: 'version', at: 4, values: [0, 2, 255], reply: '000001', reason: 'refused_version' },
  { what: 'suite', at: 5, values: [0, 3, 255], reply: '000002', reason: 'refused_suite' },
  { what: 'purpose', at: 6, values: [0, 2, 255], reply: '000003', reason: 'refused_purpose' },
];

describe('transport: preludes that ask for something else', () => {
  for (const { what, at, values, reply, reason } of REFUSALS) {
    test(`another ${what} gets its refusal, three bytes, and the end`, () =>
      witness.through(async () => {
        for (const value of values) {
          const stranger = await Stranger.connect(target);
          const prelude = encodePrelude('XX', 'server');
          prelude[at] = value;
          await stranger.send(prelude, new Hand().one());
          await stranger.assertClosed({ reply, reason });
        }
      }));
  }
});

const LENGTHS: readonly { name: string; header: string }[] = [
  { name: 'length 0', header: '0000' },
  { name: 'length 65535 and no body', header: 'ffff' },
  { name: 'one byte less than message 1 has', header: '001f' },
  { name: 'one byte more than message 1 has', header: '0021' },
  { name: "the other suite's length", header: '04c0' },
];

describe('transport: lengths in the place of message 1', () => {
  for (const { name, header } of LENGTHS) {
    test(`${name}: closed at once, without an answer`, () =>
      witness.through(async () => {
        const stranger = await Stranger.connect(target);
        await stranger.send(encodePrelude('XX', 'server'), Buffer.from(header, 'hex'));
        await stranger.assertClosed({ reason: 'bad_frame' });
      }));
  }
});

describe('transport: lengths in the place of message 3', () => {
  for (const [name, header, reason] of [
    ['length 0', '0000', 'bad_frame'],
    ['length 65535 and no body', 'ffff', 'bad_frame'],
    ['one byte more than a handshake message may have', '1001', 'bad_frame'],
    ['length 1', '000100', 'handshake_failed'],
    ['length 63', `003f${'00'.repeat(63)}`, 'handshake_failed'],
  ] as const) {
    test(`${name}: closed at once`, () =>
      witness.through(async () => {
        const stranger = await Stranger.connect(target);
        const hand = new Hand();
        await stranger.send(hand.prelude, hand.one());
        assert.ok(await takeFrame(stranger));
        await stranger.send(Buffer.from(header, 'hex'));
        await stranger.assertClosed({ reason });
      }));
  }
});

/** How far somebody goes before they stop. */
const STAGES: readonly { name: string; bytes: (hand: Hand) => Uint8Array; answered?: boolean }[] = [
  { name: 'nothing', bytes: () => new Uint8Array(0) },
  { name: 'a byte', bytes: (hand) => hand.prelude.subarray(0, 1) },
  { name: 'half of the prelude', bytes: (hand) => hand.prelude.subarray(0, 4) },
  { name: 'the prelude', bytes: (hand) => hand.prelude },
  { name: 'half of a length', bytes: (hand) => Buffer.concat([hand.prelude, Buffer.of(0)]) },
  { name: 'half of message 1', bytes: (hand) => Buffer.concat([hand.prelude, hand.one().subarray(0, 18)]) },
  { name: 'message 1', bytes: (hand) => Buffer.concat([hand.prelude, hand.one()]), answered: true },
];

describe('transport: those who stop in mid-handshake', () => {
  for (const { name, bytes, answered = false } of STAGES) {
    test(`half-close after ${name}: ${answered ? 'message 2 and ' : ''}the end`, () =>
      witness.through(async () => {
        const stranger = await Stranger.connect(target);
        const hand = new Hand();
        await stranger.send(bytes(hand));
        stranger.halfClose();
        if (answered) {
          hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
        }
        await stranger.assertClosed({ reason: 'truncated' });
      }));

    test(`reset after ${name}`, () =>
      witness.through(async () => {
        const stranger = await Stranger.connect(target);
        await stranger.send(bytes(new Hand()));
        // The server has read it by then.
        await witness.waits();
        await stranger.reset();
        await target.assertReason(stranger.address, 'truncated');
      }));
  }

  test('a hundred connections that are reset before the server can look at them', () =>
    witness.through(async () => {
      const address = target.newAddress();
      const strangers = await Promise.all(
        Array.from({ length: 100 }, () => Stranger.connect(target, address)),
      );
      await Promise.all(strangers.map((stranger) => stranger.reset()));
    }));

  test('half-close and reset within message 3', () =>
    witness.through(async () => {
      for (const stop of ['halfClose', 'reset'] as const) {
        const stranger = await Stranger.connect(target);
        const hand = new Hand();
        await stranger.send(hand.prelude, hand.one());
        hand.two((await takeFrame(stranger)) ?? assert.fail('no message 2'));
        await stranger.send(hand.three().subarray(0, 40));
        await stranger[stop]();
        if (stop === 'reset') {
          await target.assertReason(stranger.address, 'truncated');
        } else {
          await stranger.assertClosed({ reason: 'truncated' });
        }
      }
    }));
});

test('the witness has paid throughout, somebody new comes in, and the audit passes', async () => {
  await witness.newcomer();
  await target.stop();
});
