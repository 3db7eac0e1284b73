import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listenTo } from '../link/support/memory-link.ts';
import { bytewise, randomPieces, whole } from '../link/support/pieces.ts';
import { fixedSide, RecordSealer } from '../link/support/records.ts';

/** What a fresh link makes of a stream. */
const hear = (pieces: Iterable<Uint8Array>) => listenTo(fixedSide(false), pieces);

/** The frames of a link's life, and what is heard of each. */
function life(): { frames: Buffer[]; heard: (string | undefined)[] } {
  const sealer = new RecordSealer();
  const frames = [
    sealer.seal('data', 3),
    sealer.seal('data', 100),
    sealer.seal('ping'),
    sealer.seal('pong'),
    sealer.seal('data', 5),
    sealer.seal('close'),
  ];
  return { frames, heard: ['aaa', 'b'.repeat(100), undefined, undefined, 'eeeee', undefined] };
}

describe('records', () => {
  const { frames, heard } = life();
  const stream = Buffer.concat(frames);
  const ends = frames.map((_, nth) => Buffer.concat(frames.slice(0, nth + 1)).length);
  const heardUntil = (cut: number) =>
    heard.filter((each, nth) => each !== undefined && (ends[nth] ?? 0) <= cut);

  for (const [how, cutter] of [
    ['at once', whole],
    ['byte by byte', bytewise],
  ] as const) {
    test(`a stream that ends after each byte, delivered ${how}: ${stream.length} cases`, async () => {
      for (let cut = 0; cut < stream.length; cut++) {
        const outcome = await hear(cutter(stream.subarray(0, cut)));
        assert.deepEqual(outcome, { heard: heardUntil(cut), code: 'truncated' }, `cut at ${cut}`);
      }
    });
  }

  test('only the whole stream is a clean close', async () => {
    assert.deepEqual(await hear([stream]), { heard: heardUntil(stream.length), code: undefined });
  });

  const splits = stream.length - 1;
  test(`in two pieces at every split, and byte by byte: ${splits + 1} cases`, async () => {
    const expected = { heard: heardUntil(stream.length), code: undefined };
    for (let at = 1; at <= splits; at++) {
      assert.deepEqual(await hear([stream.subarray(0, at), stream.subarray(at)]), expected, `split at ${at}`);
    }
    assert.deepEqual(await hear(bytewise(stream)), expected);
  });

  const seeds = Array.from({ length: 60 }, (_, seed) => seed);
  test(`of all sizes in random pieces: ${seeds.length} cases`, async () => {
    const sealer = new RecordSealer();
    const sizes = [1, 65_516, 3_000, 61, 62, 40_000, 1_021, 1_022, 20_000, 1];
    const large = Buffer.concat([...sizes.map((size) => sealer.seal('data', size)), sealer.seal('close')]);
    const all = sizes.map((size, nth) => String.fromCharCode(97 + nth).repeat(size)).join(' ');
    for (const seed of seeds) {
      const outcome = await hear(randomPieces(seed, seed % 2 === 0 ? 500 : 70_000)(large));
      assert.ok(
        outcome.heard.join(' ') === all && outcome.code === undefined,
        `seed ${seed}: ${outcome.code}`,
      );
    }
  });
});
