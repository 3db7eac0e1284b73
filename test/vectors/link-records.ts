import { createHash } from 'node:crypto';
import { framed, type Kind, recordOf, Sealer } from './link-sealing.ts';

/** The transport key of every vector here: 32 bytes that count up. */
const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

/** Frames longer than this are given by their hash. */
const SHOWN = 2_100;

/** The contents of `link-records.json`. */
export function linkRecords(): object {
  return {
    key: hex(KEY),
    records: records(),
    accepted: accepted(),
    rekey: rekey(),
    streams: streams(),
    refused: refused(),
  };
}

/**
 * Every kind, and the smallest and the largest body of each padded length, sealed in this order under one
 * key.
 */
function records(): object[] {
  const edges = [1, 61, 62, 125, 126, 253, 254, 509, 510, 1_021, 1_022, 2_045, 64_509, 64_510, 65_516];
  const sealer = new Sealer(KEY);
  const entry = (kind: Kind, length: number): object => {
    const fill = length === 0 ? {} : { fill: hex(Buffer.of(0x60 + (sealer.nonce % 26))) };
    const body = Buffer.alloc(length, 0x60 + (sealer.nonce % 26));
    const record = recordOf(kind, body);
    const { nonce } = sealer;
    const frame = sealer.frame(record);
    return { nonce, kind, length, ...fill, record_length: record.length, ...shown(frame) };
  };
  const data = edges.map((length) => entry('data', length));
  return [...data, entry('ping', 0), entry('pong', 0), entry('close', 0)];
}

/** What no sender of ours makes and every receiver takes: other padding than the usual. */
function accepted(): object[] {
  const sealer = new Sealer(KEY);
  const entry = (name: string, plaintext: Buffer, kind: Kind, body = ''): object => {
    const { nonce } = sealer;
    return { name, nonce, kind, body, frame: hex(sealer.frame(plaintext)) };
  };
  const abc = Buffer.of(0, 0, 3, 0x61, 0x62, 0x63);
  return [
    entry('no padding', abc, 'data', '616263'),
    entry('one byte of padding', Buffer.concat([abc, Buffer.alloc(1)]), 'data', '616263'),
    entry('more padding than needed', Buffer.concat([abc, Buffer.alloc(250)]), 'data', '616263'),
    entry('CLOSE without padding', Buffer.of(1, 0, 0), 'close'),
  ];
}

/** The first records around both boundaries; those between are not shown. */
function rekey(): object {
  const sealer = new Sealer(KEY);
  const frames: object[] = [];
  const keys = [{ from_nonce: 0, key: hex(sealer.key) }];
  for (let nonce = 0; nonce < 2_050; nonce++) {
    const body = Buffer.from(`record ${nonce}`);
    const frame = sealer.frame(recordOf('data', body));
    if (nonce % 1_024 === 1_023) {
      keys.push({ from_nonce: nonce + 1, key: hex(sealer.key) });
    }
    const near = Math.abs(1_023.5 - (nonce % 1_024)) < 2 || (nonce > 1_000 && nonce % 1_024 < 2);
    if (near) {
      frames.push({ nonce, body: hex(body), frame: hex(frame) });
    }
  }
  return { body: 'record N, N being the nonce in decimal digits, as ASCII', keys, frames };
}

/** Whole streams, each read to its end: what is heard, and whether the link ended as it should. */
function streams(): object[] {
  const close = recordOf('close');
  const data = (text: string): Buffer => recordOf('data', Buffer.from(text));
  /** `missing`: bytes that the stream lacks at its end. */
  const stream = (
    name: string,
    end: string,
    heard: string,
    records: readonly Buffer[],
    missing = 0,
  ): object => {
    const sealer = new Sealer(KEY);
    const all = Buffer.concat(records.map((record) => sealer.frame(record)));
    return { name, heard, end, bytes: hex(all.subarray(0, all.length - missing)) };
  };
  const signs = [recordOf('ping'), recordOf('pong')];
  return [
    stream('DATA, then CLOSE', 'closed', 'last words', [data('last words'), close]),
    stream('CLOSE alone', 'closed', '', [close]),
    stream('PING and PONG between DATA', 'closed', 'onetwo', [data('one'), ...signs, data('two'), close]),
    stream('nothing', 'truncated', '', []),
    stream('the end after DATA', 'truncated', 'unfinished', [data('unfinished')]),
    stream('the end within DATA', 'truncated', 'one', [data('one'), data('two')], 40),
    stream('the end within a header', 'truncated', 'one', [data('one'), data('two')], 81),
    stream('the end within CLOSE', 'truncated', 'one', [data('one'), close], 1),
  ];
}

/** Streams that must end the link, each with its reason and code; `heard` is what is reported before. */
function refused(): object[] {
  return [...badFrames(), ...badRecords(), ...badSeals()];
}

function refusal(name: string, code: string, reason: string, bytes: Buffer, over: object = {}): object {
  return { name, code, reason, heard: '', ...over, bytes: hex(bytes) };
}

function badFrames(): object[] {
  const reason = 'A sealed record has 19 bytes at least: header and tag.';
  const short = [0, 1, 16, 18].map((length) =>
    refusal(`a frame of ${length} bytes`, 'bad_frame', reason, framed(Buffer.alloc(length))),
  );
  const sealed = new Sealer(KEY).frame(Buffer.of(1, 0));
  return [...short, refusal('a record of 2 bytes, well sealed', 'bad_frame', reason, sealed)];
}

function badRecords(): object[] {
  const of = (name: string, reason: string, plaintext: Buffer) =>
    refusal(name, 'bad_record', reason, new Sealer(KEY).frame(plaintext));
  const padded = (...first: number[]): Buffer => Buffer.concat([Buffer.from(first)], 64);
  const dirty = padded(0, 0, 1, 0x61);
  dirty[63] = 1;
  const close = new Sealer(KEY);
  const closed = [close.frame(recordOf('close')), close.frame(recordOf('ping'))];
  return [
    of('kind 4', 'There are four kinds, 0 to 3.', padded(4, 0, 0)),
    of('kind 255', 'There are four kinds, 0 to 3.', padded(255, 0, 0)),
    of('a body longer than its record', 'The body ends within the record.', padded(0, 0, 62)),
    of('a body of 65535 bytes', 'The body ends within the record.', padded(0, 255, 255)),
    of('padding that is not zero', 'Padding is zero.', dirty),
    of('DATA without a body', 'DATA holds at least one message.', padded(0, 0, 0)),
    of('CLOSE with a body', 'Only DATA has a body.', padded(1, 0, 1, 0x61)),
    of('PING with a body', 'Only DATA has a body.', padded(2, 0, 1, 0x61)),
    of('PONG with a body', 'Only DATA has a body.', padded(3, 0, 1, 0x61)),
    refusal(
      'a record after CLOSE',
      'bad_record',
      'CLOSE is its sender’s last record.',
      Buffer.concat(closed),
    ),
  ];
}

function badSeals(): object[] {
  const of = (name: string, reason: string, bytes: Buffer, over: object = {}) =>
    refusal(name, 'decrypt_failed', reason, bytes, over);
  const text = (sealer: Sealer, word: string): Buffer => sealer.frame(recordOf('data', Buffer.from(word)));
  const flipped = (at: number): Buffer => {
    const frame = text(new Sealer(KEY), 'one');
    frame[at] = (frame[at] ?? 0) ^ 1;
    return frame;
  };
  const sealer = new Sealer(KEY);
  const [one, two] = [text(sealer, 'one'), text(sealer, 'two')];
  const otherKey = new Sealer(Buffer.from(KEY).reverse());
  const tooEarly = new Sealer(KEY);
  tooEarly.rekey();
  const tooLong = framed(Buffer.concat([one.subarray(2), Buffer.alloc(1)]));
  return [
    of('the first byte changed', 'It does not authenticate.', flipped(2)),
    of('a byte of the padding changed', 'It does not authenticate.', flipped(40)),
    of('the last byte of the tag changed', 'It does not authenticate.', flipped(81)),
    of('a byte less', 'It does not authenticate.', framed(one.subarray(2, -1))),
    of('a byte more', 'It does not authenticate.', tooLong),
    of('the same record again', 'Its nonce has been used.', Buffer.concat([one, one]), { heard: 'one' }),
    of('the second record first', 'Its nonce is not the next.', Buffer.concat([two, one])),
    of('a record left out', 'Its nonce is not the next.', two),
    of('the key of another link, or of the other direction', 'It is another key.', text(otherKey, 'one')),
    of('rekeyed before the first record', 'Rekeying comes after record 1023.', text(tooEarly, 'one')),
    boundary('not rekeyed after record 1023', 1_024, 'Record 1024 has the second key.', 0),
    boundary('rekeyed after record 1022', 1_023, 'Record 1023 has the first key.', 1),
    boundary('rekeyed twice after record 1023', 1_024, 'Record 1024 has the second key.', 2),
  ];
}

/** A record sealed under the key of `rekeys` rekeyings, at a nonce where it should be another. */
function boundary(name: string, nonce: number, reason: string, rekeys: number): object {
  const first = new Sealer(KEY);
  for (let n = 0; n < rekeys; n++) {
    first.rekey();
  }
  const frame = new Sealer(first.key, nonce).frame(recordOf('data', Buffer.from(`record ${nonce}`)));
  return refusal(name, 'decrypt_failed', reason, frame, { first_nonce: nonce });
}

function shown(frame: Buffer): object {
  if (frame.length <= SHOWN) {
    return { frame: hex(frame) };
  }
  return { frame_sha256: createHash('sha256').update(frame).digest('hex') };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
